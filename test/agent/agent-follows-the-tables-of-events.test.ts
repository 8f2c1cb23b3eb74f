import { describe, expect, test } from 'vitest'
import type { AgentSettings } from '../../src/agent/agentState.ts'
import {
  AgentDriver,
  allIn,
  incompleteInterfaces,
  nothing,
  policy,
  refused,
  someIn,
  unreadable,
  type World,
} from '../support/agentDriver.ts'

const domain: AgentSettings = { sources: ['directory', 'cache', 'local'], fallback: 'local' }
const domainOnly: AgentSettings = { ...domain, fallback: 'none' }
const started = ['5478', '4709  local registry storage ']
const domainStarted = [
  '5478',
  '4709  Active Directory storage, cached copy of Active Directory storage, local registry storage ',
]
const interval = 600

function startedAgent(world: Partial<World>, settings?: AgentSettings): AgentDriver {
  const agent = new AgentDriver(world, settings)
  agent.step('started')
  return agent
}

describe('start (events.md 3 and 4.1)', () => {
  test('a local policy is loaded, then applied', () => {
    const agent = new AgentDriver({ load: { local: policy('Servers') } })
    expect(agent.step('started')).toEqual([...started, '5471 Servers', '5460 Servers'])
    expect(agent.state.name).toBe('local')
    expect(agent.requests).toEqual(['load persistent', 'load local', 'apply local policy'])
  })

  test('nothing assigned: the agent stays up and waits, three hours at a time', () => {
    const agent = new AgentDriver()
    expect(agent.step('started')).toEqual(started)
    expect(agent.state.name).toBe('none')
    expect(agent.timer).toBe(10_800)
  })

  test('a store that cannot be read is one 5472 and one 5461, although two policies lie in it', () => {
    const agent = new AgentDriver({ load: { persistent: unreadable(1015), local: unreadable(1015) } })
    expect(agent.step('started')).toEqual([...started, '5472  1015', '5461  1015'])
    expect(agent.state).toMatchObject({ name: 'none', lastFailure: { source: 'local', step: 'load', win32: 1015 } })
  })

  test('a local policy of which nothing can be in force is 5471 and 5461 only', () => {
    const agent = new AgentDriver({ load: { local: policy('Servers') }, apply: { local: refused(13) } })
    expect(agent.step('started')).toEqual([...started, '5471 Servers', '5461 Servers 13'])
    expect(agent.state.name).toBe('none')
  })

  test('some rules out: 5477 for each filter, then 5462, and no success event', () => {
    const agent = new AgentDriver({ load: { local: policy('Servers') }, apply: { local: someIn('a', 'b') } })
    expect(agent.step('started')).toEqual([...started, '5471 Servers', '5477 a 87', '5477 b 87', '5462 Servers 13'])
    expect(agent.state.name).toBe('local')
  })

  test('persistent policy comes first, has no event of its own, and stays beside the local one', () => {
    const agent = new AgentDriver({ load: { persistent: policy('Boot'), local: policy('Servers') } })
    expect(agent.step('started')).toEqual([...started, '5471 Servers', '5460 Servers'])
    expect(agent.requests.slice(0, 2)).toEqual(['load persistent', 'apply persistent policy'])
    expect(agent.state).toMatchObject({
      persistent: { policy: { name: 'Boot' } },
      main: { policy: { name: 'Servers' } },
    })
  })

  test('a persistent policy that fails is told with the numbers of the store it lies in', () => {
    const agent = new AgentDriver({ load: { persistent: unreadable(2, 'policy', 'Boot'), local: policy('Servers') } })
    expect(agent.step('started')).toEqual([...started, '5472 Boot 2', '5461 Boot 2', '5471 Servers', '5460 Servers'])
    expect(agent.timer).toBe(60)
  })

  test('a store that can be read again between the two loads does not make the first failure silent', () => {
    const agent = new AgentDriver({ load: { persistent: unreadable(5), local: policy('Servers') } })
    expect(agent.step('started')).toEqual([...started, '5472  5', '5461  5', '5471 Servers', '5460 Servers'])
    expect(agent.timer).toBe(60)
  })

  test('a directory policy takes precedence over a local one', () => {
    const agent = new AgentDriver({ load: { directory: policy('Domain'), local: policy('Servers') } }, domain)
    expect(agent.step('started')).toEqual([...domainStarted, '5473 Domain', '5456 Domain'])
    expect(agent.state.name).toBe('directory')
  })

  test('without a directory the cached copy is applied', () => {
    const agent = new AgentDriver({ load: { directory: unreadable(1355), cache: policy('Domain') } }, domain)
    expect(agent.step('started')).toEqual([...domainStarted, '5474  1355', '5457  1355', '5458 Domain'])
    expect(agent.state.name).toBe('cached')
  })

  test('without directory and cache the local policy is applied, unless the setting says none', () => {
    const load = { directory: unreadable(1355), local: policy('Servers') }
    const agent = new AgentDriver({ load }, domain)
    expect(agent.step('started').slice(2)).toEqual([
      '5474  1355',
      '5457  1355',
      '5459  2',
      '5471 Servers',
      '5460 Servers',
    ])
    expect(agent.state.name).toBe('local')
    const strict = new AgentDriver({ load }, domainOnly)
    expect(strict.step('started').slice(2)).toEqual(['5474  1355', '5457  1355', '5459  2'])
    expect(strict.state.name).toBe('none')
  })

  test('a domain that assigns nothing leaves the local policy in force', () => {
    const agent = new AgentDriver({ load: { directory: nothing, cache: policy('Old'), local: policy('L') } }, domain)
    expect(agent.step('started').slice(2)).toEqual(['5471 L', '5460 L'])
  })
})

describe('polls (events.md 4.1)', () => {
  test('LOCAL, unchanged: 5463', () => {
    const agent = startedAgent({ load: { local: policy('Servers') } })
    expect(agent.timer).toBe(interval)
    expect(agent.step('poll-due')).toEqual(['5463'])
    expect(agent.state.name).toBe('local')
    expect(agent.requests.at(-1)).toBe('load local')
  })

  test('LOCAL, changed and applied: 5464', () => {
    const agent = startedAgent({ load: { local: policy('Servers', 'one') } })
    agent.world.load.local = policy('Servers', 'two')
    expect(agent.step('poll-due')).toEqual(['5471 Servers', '5464'])
    expect(agent.state.main?.policy.digest).toBe('two')
  })

  test('LOCAL, another policy assigned: as at start', () => {
    const agent = startedAgent({ load: { local: policy('Servers') } })
    agent.world.load.local = policy('Clients')
    expect(agent.step('store-changed')).toEqual(['5471 Clients', '5460 Clients'])
  })

  test('LOCAL, unassigned: the filters go, the agent waits', () => {
    const agent = startedAgent({ load: { local: policy('Servers') } })
    agent.world.load.local = nothing
    expect(agent.step('store-changed')).toEqual(['5464'])
    expect(agent.requests.at(-1)).toBe('apply local nothing')
    expect(agent.state.name).toBe('none')
    expect(agent.state.main).toBeUndefined()
  })

  test('LOCAL, unreadable now: 5472 and 5461, and what is in force stays', () => {
    const agent = startedAgent({ load: { local: policy('Servers') } })
    agent.world.load.persistent = unreadable(5)
    agent.world.load.local = unreadable(5)
    expect(agent.step('poll-due')).toEqual(['5472  5', '5461  5'])
    expect(agent.state).toMatchObject({ name: 'local', main: { policy: { name: 'Servers' } } })
    expect(agent.requests.at(-1)).toBe('load local')
    // Readable again and the same: the events that verify the repair, then as ever (events.md 5).
    agent.world.load.persistent = nothing
    agent.world.load.local = policy('Servers')
    expect(agent.step('poll-due')).toEqual(['5471 Servers', '5460 Servers'])
    expect(agent.step('poll-due')).toEqual(['5463'])
  })

  test('LOCAL, changed but refused: 5461, and what is in force stays', () => {
    const agent = startedAgent({ load: { local: policy('Servers', 'one') } })
    agent.world.load.local = policy('Servers', 'two')
    agent.world.apply.local = refused(13)
    expect(agent.step('poll-due')).toEqual(['5471 Servers', '5461 Servers 13'])
    expect(agent.state.main?.policy.digest).toBe('one')
    // The failed content is tried again, not taken for known.
    agent.world.apply.local = allIn
    expect(agent.step('poll-due')).toEqual(['5471 Servers', '5464'])
  })

  test('a partly applied policy is processed again at each poll, and told again only when the failures change', () => {
    const agent = startedAgent({ load: { local: policy('Servers') }, apply: { local: someIn('a') } })
    expect(agent.step('poll-due')).toEqual(['5463'])
    expect(agent.requests.at(-1)).toBe('apply local policy')
    agent.world.apply.local = someIn('b')
    expect(agent.step('poll-due')).toEqual(['5477 b 87', '5462 Servers 13'])
    agent.world.apply.local = allIn
    expect(agent.step('poll-due')).toEqual(['5460 Servers'])
    expect(agent.step('poll-due')).toEqual(['5463'])
    expect(agent.requests.at(-1)).toBe('load local')
  })

  test('a policy with names is processed again at each poll, because their addresses may have changed', () => {
    const agent = startedAgent({ load: { local: policy('Servers', 'one', { dependsOnNames: true }) } })
    expect(agent.step('poll-due')).toEqual(['5463'])
    expect(agent.requests.at(-1)).toBe('apply local policy')
  })

  test('persistent policy changed: 5464, once', () => {
    const agent = startedAgent({ load: { persistent: policy('Boot', 'one'), local: policy('Servers') } })
    agent.world.load.persistent = policy('Boot', 'two')
    expect(agent.step('poll-due')).toEqual(['5464'])
    agent.world.load.persistent = nothing
    expect(agent.step('poll-due')).toEqual(['5464'])
    expect(agent.state.persistent).toBeUndefined()
    expect(agent.step('poll-due')).toEqual(['5463'])
  })

  test('nothing assigned before and after: no event', () => {
    const agent = startedAgent({})
    expect(agent.step('poll-due')).toEqual([])
  })

  test('DS, unchanged, changed, not reachable', () => {
    const agent = startedAgent({ load: { directory: policy('Domain', 'one') } }, domain)
    expect(agent.step('poll-due')).toEqual(['5463'])
    agent.world.load.directory = policy('Domain', 'two')
    expect(agent.step('poll-due')).toEqual(['5473 Domain', '5464'])
    expect(agent.state.name).toBe('directory')
    agent.world.load.directory = unreadable(1355)
    expect(agent.step('poll-due')).toEqual(['5466'])
    expect(agent.state.name).toBe('cached')
  })

  test('CACHED: still not reachable is silent; back and the same 5467; back and different 5468', () => {
    const agent = startedAgent({ load: { directory: policy('Domain', 'one') } }, domain)
    agent.world.load.directory = unreadable(1355)
    agent.step('poll-due')
    expect(agent.step('poll-due')).toEqual([])
    expect(agent.state.name).toBe('cached')
    agent.world.load.directory = policy('Domain', 'one')
    expect(agent.step('poll-due')).toEqual(['5467'])
    expect(agent.state.name).toBe('directory')
    agent.world.load.directory = unreadable(1355)
    agent.step('poll-due')
    agent.world.load.directory = policy('Domain', 'two')
    expect(agent.step('poll-due')).toEqual(['5473 Domain', '5468'])
    expect(agent.state.name).toBe('directory')
  })

  test('back and the same, with rules that failed: processed again, and still 5467', () => {
    const agent = startedAgent({ load: { directory: policy('Domain') }, apply: { directory: someIn() } }, domain)
    agent.world.load.directory = unreadable(1355)
    agent.step('poll-due')
    agent.world.load.directory = policy('Domain')
    expect(agent.step('poll-due')).toEqual(['5467'])
    expect(agent.state.name).toBe('directory')
  })

  test('a poll that cannot read the directory does not put a local policy in the place of a directory one', () => {
    const agent = startedAgent({ load: { directory: policy('Domain'), local: policy('Servers') } }, domain)
    agent.world.load.directory = unreadable(1355)
    agent.step('poll-due')
    expect(agent.state.main?.policy.name).toBe('Domain')
  })
})

describe('forced reload (events.md 3)', () => {
  test('5465 and the apply event of the source used', () => {
    const agent = startedAgent({ load: { local: policy('Servers') } })
    expect(agent.step('reload-requested')).toEqual(['5471 Servers', '5460 Servers', '5465'])
    expect(agent.requests.at(-1)).toBe('apply local policy')
  })

  test('with nothing assigned 5465 alone; after an unassignment the filters are gone', () => {
    const agent = startedAgent({ load: { local: policy('Servers') } })
    agent.world.load.local = nothing
    expect(agent.step('reload-requested')).toEqual(['5465'])
    expect(agent.state.name).toBe('none')
    expect(agent.step('reload-requested')).toEqual(['5465'])
  })

  test('a failed reload has the failure events instead, and what is in force stays', () => {
    const agent = startedAgent({ load: { local: policy('Servers') } })
    agent.world.load.local = unreadable(2, 'policy', 'gone')
    expect(agent.step('reload-requested')).toEqual(['5472 gone 2', '5461 gone 2'])
    expect(agent.state.main?.policy.name).toBe('Servers')
  })

  test('some rules out: 5462 in the place of the apply event', () => {
    const agent = startedAgent({ load: { local: policy('Servers') } })
    agent.world.apply.local = someIn('a')
    expect(agent.step('reload-requested')).toEqual(['5471 Servers', '5477 a 87', '5462 Servers 13', '5465'])
  })
})

describe('interfaces (events.md 3)', () => {
  test('the policy in force is processed anew, silently when all goes well', () => {
    const agent = startedAgent({ load: { local: policy('Servers') } })
    expect(agent.step('interfaces-changed')).toEqual([])
    expect(agent.requests.at(-1)).toBe('apply local policy')
  })

  test('without a policy there is nothing to do', () => {
    const agent = startedAgent({})
    const before = agent.requests.length
    expect(agent.step('interfaces-changed')).toEqual([])
    expect(agent.requests).toHaveLength(before)
  })

  test('what fails now and did not before is 5477 and 5485; the same again is silent; healed is 5460', () => {
    const agent = startedAgent({ load: { local: policy('Servers') } })
    agent.world.apply.local = someIn('a')
    expect(agent.step('interfaces-changed')).toEqual(['5477 a 87', '5485'])
    expect(agent.step('interfaces-changed')).toEqual([])
    agent.world.apply.local = allIn
    expect(agent.step('interfaces-changed')).toEqual(['5460 Servers'])
  })

  test('when nothing can be done 5485, and what is in force stays', () => {
    const agent = startedAgent({ load: { local: policy('Servers') } })
    agent.world.apply.local = refused(8)
    expect(agent.step('interfaces-changed')).toEqual(['5485'])
    expect(agent.state.main?.policy.name).toBe('Servers')
  })

  test('an incomplete list is 5480, once until it was complete again', () => {
    const agent = new AgentDriver({
      load: { persistent: policy('Boot'), local: policy('Servers') },
      apply: { persistent: incompleteInterfaces, local: incompleteInterfaces },
    })
    expect(agent.step('started')).toEqual([...started, '5480', '5471 Servers', '5460 Servers'])
    expect(agent.step('interfaces-changed')).toEqual([])
    agent.world.apply = {}
    agent.step('interfaces-changed')
    agent.world.apply.local = incompleteInterfaces
    expect(agent.step('interfaces-changed')).toEqual(['5480'])
  })
})

describe('timers (events.md 4.2)', () => {
  test('the interval is the one of the policy; 0 is three hours', () => {
    expect(startedAgent({ load: { local: policy('S', 'S', { pollingIntervalSeconds: 0 }) } }).timer).toBe(10_800)
    expect(startedAgent({ load: { local: policy('S', 'S', { pollingIntervalSeconds: 77 }) } }).timer).toBe(77)
  })

  test('back-off after failures: 1, 4, 25, 166, 166 minutes; after a success the interval again', () => {
    const agent = new AgentDriver({ load: { local: unreadable(5) } })
    agent.step('started')
    const minutes: number[] = []
    for (let n = 0; n < 5; n += 1) {
      minutes.push((agent.timer ?? 0) / 60)
      agent.step('poll-due')
    }
    expect(minutes).toEqual([1, 4, 25, 166, 166])
    agent.world.load.local = policy('Servers')
    agent.step('poll-due')
    expect(agent.timer).toBe(interval)
    agent.world.load.local = unreadable(5)
    agent.step('poll-due')
    expect(agent.timer).toBe(60)
  })

  test.each([8, 14])('without memory (error %i) the next look is never further away than a minute', (win32) => {
    const agent = startedAgent({ load: { local: unreadable(win32) } })
    for (let n = 0; n < 5; n += 1) {
      expect(agent.timer).toBe(60)
      expect(agent.step('poll-due')).toEqual([`5472  ${win32}`, `5461  ${win32}`])
    }
    agent.world.load.local = policy('Servers')
    expect(agent.step('poll-due')).toEqual(['5471 Servers', '5460 Servers'])
  })

  test('what was asked for during an attempt begins when it ends, the strongest wish first', () => {
    const agent = new AgentDriver({ load: { local: policy('Servers') } })
    agent.begin('started')
    agent.begin('store-changed')
    agent.begin('reload-requested')
    agent.begin('interfaces-changed')
    const events: string[] = []
    while (agent.isAsking) events.push(...agent.answerNext())
    expect(events).toEqual(['5471 Servers', '5460 Servers', '5471 Servers', '5460 Servers', '5465'])
    expect(agent.timer).toBe(interval)
  })
})

describe('stop (events.md 3)', () => {
  test('5479; what is in force is not taken away', () => {
    const agent = startedAgent({ load: { local: policy('Servers') } })
    expect(agent.step('stop-requested')).toEqual(['5479'])
    expect(agent).toMatchObject({ hasExited: true, timer: undefined, state: { name: 'stopped' } })
    expect(agent.requests.filter((request) => request.endsWith('nothing'))).toEqual([])
  })

  test('in the middle of an attempt it ends at once', () => {
    const agent = new AgentDriver({ load: { local: policy('Servers') } })
    agent.begin('started')
    expect(agent.begin('stop-requested')).toEqual(['5479'])
    expect(agent.isAsking).toBe(false)
    expect(agent.hasExited).toBe(true)
  })
})
