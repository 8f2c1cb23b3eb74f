import { Worker } from 'node:worker_threads'
import type { Io } from './io.ts'

/** Shows what a long command is doing. `step` names the work that begins now. */
export interface Progress {
  readonly step: (text: string) => void
  readonly end: () => void
}

/** Bytes of input below which nothing takes a second, so that no thread is started for it. */
export const quickInput = 2 * 1_048_576
const longestText = 200

export const noProgress: Progress = { step: () => {}, end: () => {} }

/**
 * A line on standard error that appears after a second and goes away at the end; on a terminal only. It is drawn by a
 * thread of its own, because reading and processing keep this one busy.
 */
export function startProgress(io: Io): Progress {
  if (!io.showsProgress) return noProgress
  const shared = new Int32Array(new SharedArrayBuffer(4 * (2 + longestText)))
  const worker = new Worker(drawing, { eval: true, workerData: shared, stdout: false, stderr: false })
  worker.unref()
  let isEnded = false
  return {
    step: (text) => {
      const length = Math.min(text.length, longestText)
      for (let at = 0; at < length; at += 1) Atomics.store(shared, 2 + at, text.charCodeAt(at))
      Atomics.store(shared, 1, length)
    },
    end: () => {
      if (isEnded) return
      isEnded = true
      Atomics.store(shared, 0, 1)
      Atomics.notify(shared, 0)
      // What the thread may have drawn last is wiped by us: it may never run again.
      io.err('\r\u001B[K')
      void worker.terminate()
    },
  }
}

/** shared[0]: ended; shared[1]: length of the text; then its UTF-16 units. */
const drawing = `
const { workerData: shared } = require('node:worker_threads')
const { writeSync } = require('node:fs')
const marks = '|/-\\\\\\\\'
const start = Date.now()
for (let turn = 0, wait = 1000; Atomics.wait(shared, 0, 0, wait) === 'timed-out'; turn += 1, wait = 200) {
  const text = String.fromCharCode(...shared.subarray(2, 2 + Atomics.load(shared, 1)))
  const seconds = Math.round((Date.now() - start) / 1000)
  writeSync(2, '\\r\\u001B[K' + marks[turn % 4] + ' ' + text + ' ... ' + seconds + ' s')
}
`
