/**
 * Divides a whole number in proportion to weights by the largest-remainder method, the rounding
 * rule of all splits.
 */

/**
 * Divides `total` in proportion to the weights: everyone gets the whole part of their quota
 * total·w/Σw, then those with the largest fractional parts get one more each; ties go to the lower
 * index. A weight of 0 gets nothing.
 *
 * @param total integer ≥ 0
 * @param weights finite, ≥ 0, with a sum above 0 unless total is 0
 * @returns uint32 per weight, with sum `total`
 */
export function apportion(total: number, weights: ArrayLike<number>): Uint32Array {
  const shares = new Uint32Array(weights.length)
  if (total === 0) return shares
  let largest = 0
  for (let index = 0; index < weights.length; index++) largest = Math.max(largest, weights[index]!)
  let sum = 0
  // Relative to the largest weight: products of tiny weights would lose digits, and sums of huge
  // ones would overflow.
  for (let index = 0; index < weights.length; index++) sum += weights[index]! / largest
  if (!(sum > 0 && sum < Infinity)) throw new Error(`weights with sum ${sum} share nothing out`)

  const remainders = new Float64Array(weights.length)
  let left = total
  for (let index = 0; index < weights.length; index++) {
    const weight = weights[index]!
    // A weight of 0 never takes part in the last step.
    if (weight === 0) {
      remainders[index] = -1
      continue
    }
    const quota = (total * (weight / largest)) / sum
    const whole = Math.floor(quota)
    shares[index] = whole
    remainders[index] = quota - whole
    left -= whole
  }
  if (left > 0) giveToLargest(shares, remainders, left)
  // Rounding can make quotas exceed the total if they are whole numbers except for their last bit.
  for (let index = shares.length - 1; left < 0; index--) {
    if (shares[index]! > 0) {
      shares[index]!--
      left++
    }
  }
  return shares
}

/**
 * One more for each of the `count` largest remainders. Uses a threshold, since sorting indices
 * would dominate the time of large splits.
 *
 * @param count at most the number of remainders ≥ 0, as each of them stands for less than one whole
 */
function giveToLargest(shares: Uint32Array, remainders: Float64Array, count: number): void {
  const threshold = Float64Array.from(remainders).sort()[remainders.length - count]!
  let left = count
  for (let index = 0; index < shares.length; index++) {
    if (remainders[index]! > threshold) {
      shares[index]!++
      left--
    }
  }
  for (let index = 0; left > 0; index++) {
    if (remainders[index] === threshold) {
      shares[index]!++
      left--
    }
  }
}
