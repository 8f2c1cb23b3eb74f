import { execFile } from 'node:child_process'

/**
 * Tells systemd something about this service (`--ready`, `--status=…`), where systemd asked to be told. Its own tool does
 * the telling: Node has no datagram sockets of that kind. The answer says whether that worked.
 */
export function notifySystemd(
  env: Readonly<Record<string, string | undefined>>,
  ...words: readonly string[]
): Promise<boolean> {
  if (env['NOTIFY_SOCKET'] === undefined) return Promise.resolve(true)
  return new Promise((resolve) => {
    const args = [...words, `--pid=${process.pid}`]
    execFile('systemd-notify', args, { timeout: 5000, env: { ...env } }, (error) => resolve(error === null))
  })
}
