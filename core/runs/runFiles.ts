/** The files of a run's folder, by what they hold. */
export const runFiles = {
  config: 'config.yaml',
  record: 'run.json',
  log: 'scalars.log',
  replies: 'replies.log',
  metrics: 'metrics.csv',
} as const
