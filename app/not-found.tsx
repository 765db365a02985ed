import { NotFoundState } from '@/components/states/not-found-state'
import { Plate } from '@/components/states/plate'

const NotFound = () => (
  <Plate>
    <NotFoundState />
  </Plate>
)

export default NotFound
