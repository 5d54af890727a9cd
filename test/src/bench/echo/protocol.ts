export const ECHO_PROTOCOL = '/bench/echo/1.0.0'
