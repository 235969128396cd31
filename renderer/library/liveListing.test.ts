import { expect, it } from 'vitest'
import { fakeConfig } from '../testing/fakeConfigs.ts'
import { FakeRun } from '../testing/fakeRun.ts'
import { applyDetail, createOpenRun } from '../stores/openRun.ts'
import { LibraryRow } from './libraryRow.ts'
import { asItIsNow } from './liveListing.ts'

it('a run that goes on is shown with the rounds that it has now, and says where it is paused', () => {
  const fake = new FakeRun('/runs/a', fakeConfig(), () => {})
  const config = fakeConfig()
  const before = { folder: fake.folder, config, notes: { tags: [], text: '' }, isLive: true }
  const listing = { ...before, record: fake.record }
  const rowOf = (run?: Parameters<typeof asItIsNow>[1]) => new LibraryRow(asItIsNow(listing, run))
  expect(rowOf()).toMatchObject({ state: 'running' })

  fake.playAll(0)
  const open = createOpenRun(fake.folder)
  applyDetail(open, { ...before, record: fake.record, changes: [], series: fake.series() })
  open.state = 'paused'
  const row = rowOf(open)
  expect(row.state).toBe('paused')
  expect(row.facts).toContain('paused')
  expect(row.values.get('rounds')).toBe(open.series.rounds)
  expect(row.values.get('accuracy')).toBe(open.series.latest('testAccuracy'))
  expect(open.series.rounds).toBeGreaterThan(0)
})
