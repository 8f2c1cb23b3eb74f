import { expect, test } from 'vitest'
import { connectError } from '../../src/agent/controlClient.ts'

test.each([
  ['ENOENT', 'AGENT_NOT_RUNNING'],
  ['ECONNREFUSED', 'AGENT_NOT_RUNNING'],
  ['EACCES', 'AGENT_ACCESS_DENIED'],
  ['EPERM', 'AGENT_ACCESS_DENIED'],
  ['ECONNRESET', 'CONTROL_FAILED'],
])('%s of the control socket is %s', (errno, code) => {
  const error = connectError('/run/control.sock', Object.assign(new Error('no'), { code: errno }))
  expect(error.code).toBe(code)
  expect(error.message).toContain('/run/control.sock')
})
