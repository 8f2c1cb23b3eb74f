import type { AttemptRequest } from './attemptProtocol.ts'
import { AttemptWork, type AttemptTools } from './attemptWork.ts'

/** Answers the agent's requests over the process channel, one after the other, until the agent goes away. */
export function serveAttempt(tools: AttemptTools): void {
  const work = new AttemptWork(tools)
  let turn: Promise<void> = Promise.resolve()
  process.on('message', (request: AttemptRequest) => {
    turn = turn.then(async () => {
      process.send?.(await work.answer(request))
    })
  })
  process.on('disconnect', () => process.exit(0))
}
