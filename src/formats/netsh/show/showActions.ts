import type { Algorithm, FilterAction, Offer } from '../../../policy/model.ts'
import { labels } from '../table/labels.ts'
import { type Line, linesText, rowText } from './layout.ts'
import type { Look } from './showContext.ts'
import { changedText, headText } from './showLists.ts'
import { storeText, textOrNone, yesNo } from './words.ts'

const labelWidth = 28
const tableWidths = [40, 20] as const
const offerWidths = [12, 17, 15, 8] as const

/** Filter actions as netsh-ipsec.md 6.4 has them. */
export function actionsText(actions: readonly FilterAction[], look: Look): string {
  if (look.isTable) {
    const rows = actions.map((action) =>
      rowText([textOrNone(action.name), labels.actions[action.action]], look.isWide, tableWidths),
    )
    const head = headText(labels.action.table, tableWidths)
    return `${head}${rows.join('')}\n${labels.action.count} : ${actions.length}\n\n`
  }
  const blocks = actions.map((action) => `${actionText(action, look)}\n`)
  return `\n${blocks.join('')}${labels.action.count} : ${actions.length}\n\n`
}

/** One action, without a blank line at its end; block and permit have nothing to negotiate. */
export function actionText(action: FilterAction, look: Look): string {
  const words = labels.action
  const head: Line[] = [
    [words.name, textOrNone(action.name)],
    [words.description, textOrNone(action.description)],
    [words.store, storeText(look.area, look.context.machine)],
    [words.action, labels.actions[action.action]],
  ]
  const tail: Line[] = [
    [words.changed, changedText(action.object, look)],
    [words.guid, action.id.toUpperCase()],
  ]
  if (action.action !== 'negotiate') return linesText([...head, ...tail], labelWidth, look.isWide)
  const negotiation: Line[] = [
    [words.soft, yesNo(action.fallBackToClear)],
    [words.inpass, yesNo(action.acceptUnsecuredInbound)],
    [words.methods, String(action.offers.length)],
    [words.pfs, yesNo(action.perfectForwardSecrecy)],
  ]
  const text = linesText([...head, ...negotiation, ...tail], labelWidth, look.isWide)
  return look.isVerbose ? `${text}\n${offersText(action.offers)}` : text
}

function offersText(offers: readonly Offer[]): string {
  const heads = labels.action.columns
  return [
    line(heads),
    line(heads.map((head) => '-'.repeat(head.length))),
    ...offers.map((offer) =>
      line([...offerCells(offer), String(offer.lifetimeSeconds), String(offer.lifetimeKilobytes)]),
    ),
  ].join('')
}

/** `[SHA1]` and `[SHA1 , 3DES]`; `[NONE]` where there is none. */
function offerCells(offer: Offer): [string, string] {
  const ah = offer.algorithms.filter((algorithm) => algorithm.protocol === 'ah')
  const esp = offer.algorithms.filter((algorithm) => algorithm.protocol === 'esp')
  return [cellOf(ah), cellOf(esp)]
}

function cellOf(algorithms: readonly Algorithm[]): string {
  if (algorithms.length === 0) return `[${labels.none}]`
  return algorithms
    .map((algorithm) => {
      const hash = algorithm.integrity.toUpperCase()
      return algorithm.protocol === 'ah' ? `[${hash}]` : `[${hash} , ${algorithm.cipher.toUpperCase()}]`
    })
    .join('+')
}

function line(cells: readonly string[]): string {
  return `${cells
    .map((cell, index) => cell.padEnd(offerWidths[index] ?? 0))
    .join('')
    .trimEnd()}\n`
}
