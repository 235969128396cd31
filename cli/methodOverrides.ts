/** `--set METHOD:key.path=value`: an override for one of the methods that are compared. */
import { HisoError } from '../core/base/index.ts'
import { whyIdle, type BundledNames, type RunConfig } from '../core/config/index.ts'

/** A method's name before the first colon, and that before any dot or equals sign. */
const scoped = /^\s*([^.:=]+):(.*)$/s

/**
 * The overrides that hold for one method, those for all of them first, so that its own win.
 * @param method undefined when the config's own method is played
 */
export function overridesFor(
  method: string | undefined,
  overrides: readonly string[],
): readonly string[] {
  const forAll = overrides.filter((override) => !scoped.test(override))
  const own = overrides.flatMap((override) => {
    const [, name, rest] = scoped.exec(override) ?? []
    return name !== undefined && name === method ? [rest!] : []
  })
  return [...forAll, ...own]
}

/** @throws HisoError CONFIG_INVALID for an override of a method that is not played */
export function checkOverrides(methods: readonly string[], overrides: readonly string[]): void {
  for (const override of overrides) {
    const name = scoped.exec(override)?.[1]
    if (name === undefined || methods.includes(name)) continue
    throw new HisoError('CONFIG_INVALID', {
      where: `--set ${override}`,
      what: `"${name}" is not one of the methods of --methods`,
      remedy:
        methods.length === 0
          ? 'Leave out the name, or name the methods: --methods hiso,fedavg'
          : `Those are ${methods.join(', ')}`,
    })
  }
}

/**
 * A setting that nothing uses which is played would be left out without a word.
 *
 * @param configs checked, one for each method that is played
 * @throws HisoError CONFIG_INVALID
 */
export function checkSettings(
  configs: readonly RunConfig[],
  overrides: readonly string[],
  bundled: BundledNames,
): void {
  for (const override of overrides) {
    const [, name, rest = override] = scoped.exec(override) ?? []
    const meant = configs.filter(({ method }) => name === undefined || method.name === name)
    const what = whyIdle(meant, rest, bundled)
    if (what === undefined) continue
    throw new HisoError('CONFIG_INVALID', {
      where: `--set ${override}`,
      what,
      remedy: 'Leave it out; docs/config.md says what each setting is for',
    })
  }
}
