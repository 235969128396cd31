/** What a batch comes to, measured while it is described: refined with each kind of run. */
import { computed, shallowRef, type ComputedRef } from 'vue'
import { usePreview, type Preview } from '../../engine/usePreview.ts'
import { forecastBatch, type Forecast, type ForecastAsked } from './batchForecast.ts'

/** Measuring plays rounds: it waits until nothing was typed for so long. */
const restMs = 500

interface BatchForecast {
  /** What is known so far; never that of another batch. */
  readonly forecast: ComputedRef<Forecast | undefined>
  readonly measuring: Preview<Forecast | undefined>
}

/** @param key what the batch depends on; undefined measures nothing */
export function useForecast(
  key: ComputedRef<string | undefined>,
  ask: (signal: AbortSignal) => Pick<ForecastAsked, 'configs' | 'atOnce' | 'estimate'>,
): BatchForecast {
  const refined = shallowRef<{ readonly of: string; readonly forecast: Forecast }>()
  const measuring = usePreview(
    key,
    (asked, signal) =>
      forecastBatch({
        ...ask(signal),
        isWanted: () => asked === key.value,
        refined: (forecast) => (refined.value = { of: asked, forecast }),
      }),
    restMs,
  )
  const forecast = computed(() =>
    refined.value?.of === key.value ? refined.value?.forecast : undefined,
  )
  return { forecast, measuring }
}
