// Clasper as a server of the Model Context Protocol: what people and programs may read elsewhere they may read here,
// under the same identity and the same rights. Nothing is changed through it but, by a setting, what waits for a person.
export { serve } from './serve'
