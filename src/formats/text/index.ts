export {
  type CodePageName,
  codePageTable,
  decodeCodePage,
  defaultCodePage,
  encodeCodePage,
  isCodePage,
  parseEncodingName,
  type TextEncodingName,
} from './codePages.ts'
export { type DecodedText, decodeText } from './decodeText.ts'
export { canEncode, encodeText, encodeTextFile } from './encodeText.ts'
export {
  boundedReport,
  reportDecoding,
  type TextFindingRow,
  textFinding,
  textFindingTable,
} from './textFindings.ts'
