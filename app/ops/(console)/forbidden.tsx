import { ForbiddenState } from '@/components/states/forbidden-state'

const Forbidden = () => <ForbiddenState />

export default Forbidden
