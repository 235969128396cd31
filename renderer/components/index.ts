/** The app's building blocks; features take them from here. */
export { default as RunStateSign } from './RunStateSign.vue'
export { default as Button } from './Button.vue'
export { default as Dialog } from './Dialog.vue'
export { default as EmptyState } from './EmptyState.vue'
export { default as Explained } from './Explained.vue'
export { default as Formula } from './Formula.vue'
export { default as Field } from './Field.vue'
export { default as IconButton } from './IconButton.vue'
export { default as LineSwatch } from './LineSwatch.vue'
export { default as Kbd } from './Kbd.vue'
export { default as Menu, type MenuEntry } from './Menu.vue'
export { default as Notices } from './Notices.vue'
export { default as NumberInput } from './NumberInput.vue'
export { default as Panel } from './Panel.vue'
export { default as Popover } from './Popover.vue'
export { default as ProgressBar } from './ProgressBar.vue'
export { default as RoundPicker } from './RoundPicker.vue'
export { default as Segmented } from './Segmented.vue'
export { default as SelectInput } from './SelectInput.vue'
export { default as Splitter } from './Splitter.vue'
export { default as SwitchInput } from './SwitchInput.vue'
export { default as Tabs } from './Tabs.vue'
export { default as TextArea } from './TextArea.vue'
export { default as TextInput } from './TextInput.vue'
export { default as Tooltip } from './Tooltip.vue'
export { groupDigits, writeNumber } from './numberText.ts'
export { useRovingFocus } from './useRovingFocus.ts'
export { asSentence, sentenceOf } from './asSentence.ts'
export {
  formatBytes,
  formatCount,
  formatDuration,
  formatShare,
  formatValue,
} from '../../figures/index.ts'
