export { readLink, writeLink, type Packing, type ReadLink } from './link.ts'
