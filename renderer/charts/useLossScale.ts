/** The scale of a loss's axis: the one that shows what there is, until a person chooses. */
import { computed, type WritableComputedRef } from 'vue'
import { lossScaleOf } from '../../figures/index.ts'
import { remembered } from '../stores/remembered.ts'

/**
 * @param key under which a choice is remembered
 * @param losses that are drawn, NaN where nothing was measured; none where no loss is
 */
export function useLossScale(
  key: string,
  losses: () => readonly Float64Array[],
): WritableComputedRef<'linear' | 'log'> {
  const chosen = remembered<'auto' | 'linear' | 'log'>(key, 'auto')
  const telling = computed(() => lossScaleOf(...losses()))
  return computed({
    get: () => (chosen.value === 'auto' ? telling.value : chosen.value),
    set: (scale) => (chosen.value = scale),
  })
}
