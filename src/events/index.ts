/*
 * The tables of texts are large. What runs all the time (the agent, the event log) imports eventHeaders.ts, eventTime.ts
 * and the types of eventRecord.ts directly, not this index.
 */
export { eventDefinition, eventDefinitions } from './catalogue.ts'
export {
  eventHeader,
  auditSubcategories,
  resultOfKeywords,
  securityProvider,
  subcategoryOfTask,
} from './eventHeaders.ts'
export { errorOfEvent } from './errorOfEvent.ts'
export { errorReferenceMarkdown, eventReferenceMarkdown } from './eventReference.ts'
export { eventText } from './eventText.ts'
export { isoTimeOfTicks, ticksOfIsoTime, ticksOfMilliseconds } from './eventTime.ts'
export { findErrors, isErrorNumber, similarErrorNames } from './findErrors.ts'
export { loggedEvent } from './loggedEvent.ts'
export { errorFamily, errorGuidanceOf, hresultOfWin32, unknownMessageText, win32Error } from './win32Errors.ts'
export type { EventDefinition, EventField, EventFieldType } from './catalogue.ts'
export type { ErrorGuidance } from './errorGuidance.ts'
export type { AuditSubcategory, AuditSubcategoryKey, EventHeader, EventResult } from './eventHeaders.ts'
export type { EventInput, EventRecord } from './eventRecord.ts'
export type { EventWording } from './eventText.ts'
export type { EventTicks } from './eventTime.ts'
export type { ErrorExplanation } from './findErrors.ts'
export type { EventDatum, EventRendering, LoggedEvent } from './loggedEvent.ts'
export type { LdapResult, NamedHresult, Win32Error } from './win32Errors.ts'
