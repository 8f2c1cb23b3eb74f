import type { Filter } from '../../../policy/filter.ts'
import type { FilterList } from '../../../policy/model.ts'
import { attributeNumber } from '../../../policy/attributes.ts'
import { labels } from '../table/labels.ts'
import { type Line, linesText, rowText, underlined } from './layout.ts'
import type { Look } from './showContext.ts'
import { addressText, maskText, nameText, portWord, protocolWord, storeText, textOrNone, yesNo } from './words.ts'

const labelWidth = 24
const tableWidths = [40, 14] as const
const filterWidths = [6, 18, 16, 18, 16, 8, 11, 16] as const

/** Filter lists as netsh-ipsec.md 6.3 has them, one blank line after each. */
export function listsText(lists: readonly FilterList[], look: Look): string {
  if (look.isTable && !look.isVerbose) {
    const rows = lists.map((list) =>
      rowText([textOrNone(list.name), String(list.filters.length)], look.isWide, tableWidths),
    )
    const head = headText(labels.list.table, tableWidths)
    return `${head}${rows.join('')}\n${labels.list.count} : ${lists.length}\n\n`
  }
  const blocks = lists.map((list) => `${listText(list, look)}\n`)
  return `\n${blocks.join('')}${labels.list.count} : ${lists.length}\n\n`
}

export function headText(cells: readonly string[], widths: readonly number[]): string {
  const head = rowText(cells, true, widths)
  return `${head}${rowText(
    cells.map((cell) => '-'.repeat(cell.length)),
    true,
    widths,
  )}`
}

/** One list, without a blank line at its end. */
export function listText(list: FilterList, look: Look): string {
  const words = labels.list
  const head: Line[] = [
    [words.name, textOrNone(list.name)],
    [words.description, textOrNone(list.description)],
    [words.store, storeText(look.area, look.context.machine)],
    [words.changed, changedText(list.object, look)],
    [words.guid, list.id.toUpperCase()],
    [words.filters, String(list.filters.length)],
  ]
  const text = linesText(head, labelWidth, look.isWide)
  if (!look.isVerbose || list.filters.length === 0) return text
  const filters = look.isTable ? filterTableText(list.filters, look) : filterLinesText(list.filters, look)
  return `${text}${look.isTable ? '' : underlined(words.heading)}${filters}`
}

export function changedText(object: FilterList['object'], look: Look): string {
  const seconds = attributeNumber(object, 'whenChanged')
  return seconds === undefined ? labels.none : look.context.formatTime(seconds)
}

function filterLinesText(filters: readonly Filter[], look: Look): string {
  return filters.map((filter) => linesText(filterLines(filter, look), labelWidth, look.isWide)).join('\n')
}

function filterLines(filter: Filter, look: Look): Line[] {
  const words = labels.filter
  const nameOf = look.resolvesNames ? look.context.dnsNameOf : undefined
  const lines: [string, string | undefined][] = [
    [words.description, textOrNone(filter.description)],
    [words.mirrored, yesNo(filter.mirrored)],
    [words.source, addressText(filter.source)],
    [words.sourceMask, maskText(filter.source)],
    [words.sourceName, nameText(filter.source, filter.sourceName, nameOf)],
    [words.destination, addressText(filter.destination)],
    [words.destinationMask, maskText(filter.destination)],
    [words.destinationName, nameText(filter.destination, filter.destinationName, nameOf)],
    [words.protocol, protocolWord(filter.protocol)],
    [words.sourcePort, portWord(filter.sourcePort)],
    [words.destinationPort, portWord(filter.destinationPort)],
  ]
  return lines.filter((line): line is [string, string] => line[1] !== undefined)
}

/** A line for each filter, or two where names are cut; the second cell of the first is the source. */
function filterTableText(filters: readonly Filter[], look: Look): string {
  const rows = filters.map((filter) => {
    const cells = [
      yesNo(filter.mirrored),
      addressText(filter.source),
      maskText(filter.source) ?? '',
      addressText(filter.destination),
      maskText(filter.destination) ?? '',
      protocolWord(filter.protocol),
      portWord(filter.sourcePort),
      portWord(filter.destinationPort),
    ]
    if (look.isWide) return rowText(cells, true, filterWidths)
    return `${rowText(cells.slice(0, 4), false, filterWidths)}${rowText(cells.slice(4), false, filterWidths.slice(4))}`
  })
  const heads = labels.list.filterTable
  const head = look.isWide
    ? rowText(heads, true, filterWidths)
    : `${rowText(heads.slice(0, 4), true, filterWidths)}${rowText(heads.slice(4), true, filterWidths.slice(4))}`
  return `${head}${'-'.repeat(78)}\n${rows.join('')}`
}
