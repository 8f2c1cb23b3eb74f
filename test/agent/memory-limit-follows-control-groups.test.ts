import { expect, test } from 'vitest'
import { memoryLimitNow, programMemory } from '../../src/agent/memoryLimit.ts'

const mebibyte = 1_048_576

function limitWith(files: Readonly<Record<string, string>>, asked = 512): number {
  return memoryLimitNow(asked, (path) => files[path])
}

test('without control groups, or without limits, what was asked for holds', () => {
  expect(limitWith({})).toBe(512)
  expect(limitWith({ '/proc/self/cgroup': '0::/user.slice\n', '/sys/fs/cgroup/user.slice/memory.max': 'max\n' })).toBe(
    512,
  )
  expect(
    limitWith({
      '/proc/self/cgroup': '4:memory:/\n',
      '/sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712\n',
    }),
  ).toBe(512)
})

test('a group that leaves less lowers it, by what the program itself needs as well', () => {
  const files = {
    '/proc/self/cgroup': '0::/polagent.service\n',
    '/sys/fs/cgroup/polagent.service/memory.max': `${400 * mebibyte}\n`,
    '/sys/fs/cgroup/polagent.service/memory.current': `${100 * mebibyte}\n`,
  }
  expect(limitWith(files)).toBe(300 - programMemory)
  expect(limitWith(files, 50)).toBe(50)
})

test('pages of files that the kernel may drop do not count as used', () => {
  expect(
    limitWith({
      '/proc/self/cgroup': '0::/a\n',
      '/sys/fs/cgroup/a/memory.max': `${400 * mebibyte}\n`,
      '/sys/fs/cgroup/a/memory.current': `${390 * mebibyte}\n`,
      '/sys/fs/cgroup/a/memory.stat': `anon 1\ninactive_file ${290 * mebibyte}\nactive_file 7\n`,
    }),
  ).toBe(300 - programMemory)
})

test('the tightest of the groups on the way up counts', () => {
  expect(
    limitWith({
      '/proc/self/cgroup': '0::/outer/inner\n',
      '/sys/fs/cgroup/outer/inner/memory.max': `${900 * mebibyte}\n`,
      '/sys/fs/cgroup/outer/memory.max': `${200 * mebibyte}\n`,
      '/sys/fs/cgroup/outer/memory.current': '0\n',
    }),
  ).toBe(200 - programMemory)
})

test('version 1 groups are understood', () => {
  expect(
    limitWith({
      '/proc/self/cgroup': '5:cpu,memory:/box\n1:name=systemd:/\n',
      '/sys/fs/cgroup/memory/box/memory.limit_in_bytes': `${300 * mebibyte}\n`,
      '/sys/fs/cgroup/memory/box/memory.usage_in_bytes': `${120 * mebibyte}\n`,
      '/sys/fs/cgroup/memory/box/memory.stat': `total_inactive_file ${20 * mebibyte}\n`,
    }),
  ).toBe(200 - programMemory)
})

test('a group that is full leaves one, never nothing or less', () => {
  expect(
    limitWith({
      '/proc/self/cgroup': '0::/a\n',
      '/sys/fs/cgroup/a/memory.max': `${10 * mebibyte}\n`,
      '/sys/fs/cgroup/a/memory.current': `${20 * mebibyte}\n`,
    }),
  ).toBe(1)
})
