export {
  readLink,
  writeLink,
  type Packing,
  type Presets,
  type ReadLink,
  type SharedState,
} from './link.ts'
