import { NotFoundState } from '@/components/states/not-found-state'

const NotFound = () => <NotFoundState />

export default NotFound
