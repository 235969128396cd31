/** How the numbers of a sample come to lie in the axes of a model's input. */

const axesOf = (shape: readonly number[]) => shape.filter((length) => length > 1)

/**
 * Said where a model has axes that the dataset does not tell apart: what is a channel, a row or a
 * column of a picture is then a matter of the order of the numbers alone.
 *
 * @param model shape of one sample of the model
 * @param dataset shape of one sample of the dataset, of the same size
 */
export function layoutNotices(model: readonly number[], dataset: readonly number[]): string[] {
  const [axes, given] = [axesOf(model), axesOf(dataset)]
  if (axes.length < 2 || axes.join() === given.join()) return []
  const numbers = dataset.length === 1 ? `${given[0]} columns` : `${given.join(' × ')} numbers`
  return [
    `The model takes samples of ${model.join(' × ')}: the ${numbers} fill them in their order, the last axis fastest. Check that they stand in that order, since nothing in the files says so.`,
  ]
}
