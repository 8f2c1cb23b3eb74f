import type { EventRendering, LoggedEvent } from '../../events/loggedEvent.ts'
import { writeElement, type XmlElement, type XmlLayout } from './element.ts'

const eventNamespace = 'http://schemas.microsoft.com/win/2004/08/events/event'

export interface EventXmlOptions {
  readonly layout?: XmlLayout
  /** Add what the log's owner says of the event: message and names (evtx-and-xml.md 1.2). Default yes. */
  readonly hasRendering?: boolean
  /** Language of the rendering. */
  readonly culture?: string
}

/** Before the events of a document, and after them: as Event Viewer saves a list. */
export const eventsDocumentStart = '<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n<Events>\n'
export const eventsDocumentEnd = '</Events>\n'

/**
 * An event as Windows renders it in XML (evtx-and-xml.md 1.1 to 1.4); `line` without a line break at the end.
 * Characters that XML cannot hold become U+FFFD.
 */
export function writeEventXml(event: LoggedEvent, options: EventXmlOptions = {}): string {
  const { layout = 'indented', hasRendering = true, culture = 'en-US' } = options
  return writeElement(
    {
      name: 'Event',
      attributes: { xmlns: eventNamespace },
      content: [
        { name: 'System', content: systemElements(event) },
        { name: 'EventData', content: dataElements(event) },
        ...(hasRendering
          ? [{ name: 'RenderingInfo', attributes: { Culture: culture }, content: renderingElements(event.rendering) }]
          : []),
      ],
    },
    layout,
  )
}

/** The fixed order of the schema. */
function systemElements(event: LoggedEvent): readonly XmlElement[] {
  return [
    { name: 'Provider', attributes: { Name: event.provider.name, Guid: event.provider.guid?.toLowerCase() } },
    { name: 'EventID', content: String(event.id) },
    { name: 'Version', content: String(event.version) },
    { name: 'Level', content: String(event.level) },
    { name: 'Task', content: String(event.task) },
    { name: 'Opcode', content: String(event.opcode) },
    { name: 'Keywords', content: event.keywords },
    { name: 'TimeCreated', attributes: { SystemTime: event.time } },
    { name: 'EventRecordID', content: String(event.recordNumber) },
    { name: 'Correlation', attributes: { ActivityID: event.activityId, RelatedActivityID: event.relatedActivityId } },
    {
      name: 'Execution',
      attributes: { ProcessID: String(event.processId), ThreadID: String(event.threadId) },
    },
    { name: 'Channel', content: event.channel },
    { name: 'Computer', content: event.computer },
    { name: 'Security', attributes: { UserID: event.user } },
  ]
}

function dataElements({ data }: LoggedEvent): readonly XmlElement[] {
  return data.map(({ name, value }) => ({ name: 'Data', attributes: { Name: name }, content: value }))
}

/** The order of real output, which is not that of the published schemas. */
function renderingElements(rendering: EventRendering): readonly XmlElement[] {
  return [
    { name: 'Message', content: rendering.message },
    { name: 'Level', content: rendering.level },
    { name: 'Task', content: rendering.task },
    { name: 'Opcode', content: rendering.opcode },
    { name: 'Channel', content: rendering.channel },
    { name: 'Provider', content: rendering.provider },
    { name: 'Keywords', content: rendering.keywords.map((keyword) => ({ name: 'Keyword', content: keyword })) },
  ]
}
