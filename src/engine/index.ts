export { addressSetText, type AddressSet } from './addressSet.ts'
export { type Classifier, compile, decide, decidingFilter, matchingFilters } from './classifier.ts'
export { type Exemption, exemptions } from './exemptions.ts'
export type { ExpandedFilter, FilterDirection, Tunnel } from './expandedFilter.ts'
export type { ExpandedFilters } from './expandedFilters.ts'
export type { ExpandedPolicy, FailedRule, FilterTrouble, SetAsideRule } from './expandedPolicy.ts'
export { expandedFilterText } from './expandedFilterText.ts'
export { expandPolicies, expandPolicy } from './expandPolicy.ts'
export {
  courseOf,
  explain,
  type Explanation,
  type ExplanationNote,
  type PacketCourse,
  type RunnerUp,
} from './explain.ts'
export { type HostFacts, noHostFacts } from './hostFacts.ts'
export { namesToResolve } from './namesToResolve.ts'
export type { Packet, PacketDirection } from './packet.ts'
export { type ProcessingCode, type ProcessingRow, processingTable } from './processingTable.ts'
export { ruleTitle } from './ruleTitle.ts'
export type { ProtectVerdict, Verdict } from './verdict.ts'
export {
  firstDifference,
  isSameSpecificity,
  type WeightPart,
  type WeightParts,
  weightParts,
  weightText,
} from './weight.ts'
export { actionWeights, addressRanks, protocolRanks, weightReadings } from './weightTables.ts'
