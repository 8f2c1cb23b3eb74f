import { win32Error } from '../../events/index.ts'

/** Win32 codes of what the shell itself refuses. */
export const systemCodes = {
  fileNotFound: 2,
  accessDenied: 5,
  invalidData: 13,
  notSupported: 50,
  badNetworkPath: 53,
  tooDeep: 1001,
  serviceNotActive: 1062,
} as const

/** `ERR Win32[01062] : The service has not been started.`, a blank line around (netsh-ipsec.md 7). */
export function systemMessage(code: number): string {
  return `\nERR Win32[${String(code).padStart(5, '0')}] : ${win32Error(code)?.text ?? 'Unknown error'}\n\n`
}
