/** Asking a classifier about a picture, as it crosses to a face: plain data. */

export interface PictureForm {
  readonly height: number
  readonly width: number
  readonly classes: readonly string[]
  /** Rounds that the model has been trained for. */
  readonly rounds: number
}

/** The probability of each class, before the run and after it. */
export interface PictureTrial {
  readonly before: Float64Array
  readonly after: Float64Array
}
