import { expect, test } from 'vitest'
import type { MetricsRow } from '../../runs/index.ts'
import { Progress } from './progress.ts'

const row = (values: Partial<MetricsRow>) => values as MetricsRow

test('remembers how far a run is, its first loss and the last values that were measured', () => {
  const progress = new Progress([
    row({ round: 1, trainLoss: undefined }),
    row({ round: 2, trainLoss: 2, testLoss: 1.5, testAccuracy: 0.5 }),
  ])
  progress.add(row({ round: 3, trainLoss: 1, testLoss: undefined, testAccuracy: undefined }))
  progress.add(row({ round: 4, trainLoss: undefined, testLoss: 1.2 }))
  expect(progress.rounds).toBe(4)
  expect(progress.firstTrainLoss).toBe(2)
  expect(progress.last?.round).toBe(4)
  expect(progress.latest).toEqual({ trainLoss: 1, testLoss: 1.2, testAccuracy: 0.5 })
})
