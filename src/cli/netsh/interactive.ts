import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createInterface, type Interface } from 'node:readline'
import { redactLine } from '../../formats/netsh/index.ts'
import type { Io } from '../io.ts'
import type { NetshShell } from './netshShell.ts'

/** Lines of the history that are kept. */
const mostHistory = 1000

/** The prompt: reads lines until `exit`, the end of the input, or Ctrl+C. Without a terminal there is no prompt. */
export async function runInteractive(shell: NetshShell, stateRoot: string, io: Io): Promise<void> {
  const isTerminal = io.outIsTerminal && (io.stdin as { isTTY?: boolean }).isTTY === true
  const historyFile = join(stateRoot, 'netsh_history')
  const lines = createInterface({
    input: io.stdin,
    crlfDelay: Infinity,
    terminal: isTerminal,
    ...(isTerminal ? terminalOptions(shell, historyFile) : {}),
  })
  lines.on('history', hideNewest)
  lines.on('SIGINT', () => {
    shell.drop()
    lines.close()
  })
  try {
    await readLines(lines, shell, isTerminal)
  } finally {
    lines.close()
    if (isTerminal) saveHistory(historyFile, lines)
  }
}

function terminalOptions(shell: NetshShell, historyFile: string) {
  return {
    output: process.stdout,
    history: loadHistory(historyFile),
    historySize: mostHistory,
    removeHistoryDuplicates: true,
    completer: (line: string): [string[], string] => {
      const typed = /\S*$/.exec(line)?.[0] ?? ''
      return [shell.completions(line).map((word) => `${word}${word.endsWith('=') ? '' : ' '}`), typed]
    },
  }
}

async function readLines(lines: Interface, shell: NetshShell, isTerminal: boolean): Promise<void> {
  const ask = (): void => {
    if (!isTerminal) return
    lines.setPrompt(shell.prompt)
    lines.prompt()
  }
  ask()
  for await (const line of lines) {
    await shell.runLine(line)
    if (shell.isEnded) return
    ask()
  }
}

/** A key is not even in the history of this session. */
function hideNewest(history: string[]): void {
  const [newest] = history
  if (newest !== undefined) history[0] = redactLine(newest)
}

function loadHistory(file: string): string[] {
  try {
    return readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .slice(-mostHistory)
      .toReversed()
  } catch {
    return []
  }
}

/** A session without history is as good as one with it, so nothing is said when it cannot be kept. */
function saveHistory(file: string, lines: Interface): void {
  const { history } = lines as Interface & { readonly history?: readonly string[] }
  if (history === undefined || history.length === 0) return
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    writeFileSync(file, `${history.map(redactLine).toReversed().join('\n')}\n`, { mode: 0o600 })
  } catch {
    // See above.
  }
}
