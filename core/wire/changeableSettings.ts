/**
 * The settings that may change during a run; `rounds` is how many it has, over which schedules are
 * stretched.
 */
export const changeableSettings = ['learningRate', 'nu', 'rounds'] as const
export type ChangeableSetting = (typeof changeableSettings)[number]
