export { seesTexts as maySee } from '@/lib/core/reach'
