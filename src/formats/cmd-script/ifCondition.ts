import { firstUnknown } from '../reg-batch/variables.ts'

const compared = String.raw`((?:"[^"]*(?:"|$)|[^\s"=])+)`
const equality = new RegExp(String.raw`^${compared}\s*==\s*${compared}$`)
const comparison = new RegExp(String.raw`^${compared}\s+(equ|neq|lss|leq|gtr|geq)\s+${compared}$`, 'i')

/** Whether a condition holds when its texts decide it; `undefined` when only a run knows. */
export function conditionHolds(
  condition: string,
  isAssigned: (name: string) => boolean | undefined,
): boolean | undefined {
  let rest = condition.trim()
  let ignoresCase = false
  let isNegated = false
  for (;;) {
    const prefix = /^(\/i|not)\s+/i.exec(rest)
    if (prefix === null) break
    if (prefix[1]?.toLowerCase() === 'not') isNegated = !isNegated
    else ignoresCase = true
    rest = rest.slice(prefix[0].length)
  }
  const defined = /^defined\s+"?([^"\s]+)"?$/i.exec(rest)
  const holds =
    defined !== null && firstUnknown(rest) === undefined
      ? isAssigned(defined[1] ?? '')
      : comparisonHolds(rest, ignoresCase)
  return holds === undefined ? undefined : holds !== isNegated
}

function comparisonHolds(text: string, ignoresCase: boolean): boolean | undefined {
  if (firstUnknown(text) !== undefined) return undefined
  const fold = (word: string): string => (ignoresCase ? word.toLowerCase() : word)
  const equal = equality.exec(text)
  if (equal !== null) return fold(equal[1] ?? '') === fold(equal[2] ?? '')
  const [, left = '', operator = '', right = ''] = comparison.exec(text) ?? []
  const areNumbers = /^-?\d{1,9}$/.test(left) && /^-?\d{1,9}$/.test(right)
  // A leading zero makes an octal number of it.
  if (operator === '' || /^-?0\d/.test(left) || /^-?0\d/.test(right)) return undefined
  switch (operator.toLowerCase()) {
    case 'equ':
      return areNumbers ? Number(left) === Number(right) : fold(left) === fold(right)
    case 'neq':
      return areNumbers ? Number(left) !== Number(right) : fold(left) !== fold(right)
    case 'lss':
      return areNumbers ? Number(left) < Number(right) : undefined
    case 'leq':
      return areNumbers ? Number(left) <= Number(right) : undefined
    case 'gtr':
      return areNumbers ? Number(left) > Number(right) : undefined
    default:
      return areNumbers ? Number(left) >= Number(right) : undefined
  }
}
