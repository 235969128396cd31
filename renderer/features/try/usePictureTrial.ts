/** The picture on the sheet and what the run's model says of it, before and after. */
import { ref, shallowRef, watch, type ComputedRef } from 'vue'
import type { PictureForm, PictureTrial } from '../../../core/engine/index.ts'
import { useEngine } from '../../stores/engine.ts'
import { sentenceOf } from '../../components/asSentence.ts'

/** @param folder of a run that may have learned from pictures */
export function usePictureTrial(folder: ComputedRef<string | undefined>) {
  const engine = useEngine()
  const form = shallowRef<PictureForm>()
  const pixels = shallowRef(new Float32Array())
  const trial = shallowRef<PictureTrial>()
  const problem = ref<string>()
  /** What the picture is, where it is one of the run's own. */
  const expected = ref<string>()
  let isAsking = false
  let isStale = false
  /** Minibatches that were taken from so far. */
  let taken = 0

  watch(
    folder,
    async (own) => {
      form.value = undefined
      trial.value = undefined
      problem.value = undefined
      if (own === undefined) return
      try {
        const described = await engine.request('describePicture', { folder: own })
        if (folder.value !== own) return
        form.value = described
        await another()
      } catch (thrown) {
        if (folder.value === own) problem.value = sentenceOf(thrown)
      }
    },
    { immediate: true },
  )

  function draw(next: Float32Array<ArrayBuffer>, what?: string): void {
    pixels.value = next
    expected.value = what
    void ask()
  }

  /** One request at a time: a stroke has more points than answers are needed. */
  async function ask(): Promise<void> {
    if (isAsking) {
      isStale = true
      return
    }
    isAsking = true
    try {
      do {
        isStale = false
        const own = folder.value
        if (own === undefined) return
        const answer = await engine.request('tryPicture', { folder: own, pixels: pixels.value })
        if (folder.value === own) trial.value = answer
      } while (isStale)
    } catch (thrown) {
      problem.value = sentenceOf(thrown)
    } finally {
      isAsking = false
    }
  }

  function clear(): void {
    const { height = 0, width = 0 } = form.value ?? {}
    draw(new Float32Array(height * width))
  }

  /** A picture of the first client's own. */
  async function another(): Promise<void> {
    const own = folder.value
    if (own === undefined) return
    const address = { client: 0, round: Math.floor(taken / 8), localStep: 0 }
    const batch = await engine.request('readMinibatch', { folder: own, address })
    const pictures = batch?.pictures?.pixels ?? []
    const at = taken++ % 8
    const picture = pictures[at % Math.max(1, pictures.length)]
    if (picture === undefined) clear()
    else draw(picture.slice(), batch!.classes[at % pictures.length])
  }

  /** Any image file, in grey and fitted into the sheet. */
  async function read(file: File): Promise<void> {
    const { height, width } = form.value!
    try {
      const image = await createImageBitmap(file)
      const canvas = new OffscreenCanvas(width, height)
      const context = canvas.getContext('2d')!
      const scale = Math.min(width / image.width, height / image.height)
      const [w, h] = [image.width * scale, image.height * scale]
      context.drawImage(image, (width - w) / 2, (height - h) / 2, w, h)
      const { data } = context.getImageData(0, 0, width, height)
      const grey = Float32Array.from({ length: width * height }, (_, at) => {
        const [red, green, blue, alpha] = data.subarray(4 * at, 4 * at + 4)
        return ((0.299 * red! + 0.587 * green! + 0.114 * blue!) / 255) * (alpha! / 255)
      })
      draw(grey)
    } catch {
      problem.value = `${file.name} is not an image that can be read. Give a PNG or a JPEG.`
    }
  }

  return { form, pixels, trial, problem, expected, draw, clear, another, read }
}
