export { eventsDocumentEnd, eventsDocumentStart, writeEventXml } from './writeEventXml.ts'
export type { EventXmlOptions } from './writeEventXml.ts'
