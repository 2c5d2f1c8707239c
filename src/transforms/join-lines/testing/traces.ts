/** Stack traces as runtimes and loggers print them, each one event. Blank lines are as printed. */
export const TRACES: Readonly<Record<string, string>> = {
  'logback with causes': `2026-01-02 03:04:05.678 ERROR [http-nio-8080-exec-3] c.e.orders.OrderController - Could not place order 8123
org.springframework.web.client.ResourceAccessException: I/O error on POST request for "http://payments:8080/charge": Connection reset; nested exception is java.net.SocketException: Connection reset
	at org.springframework.web.client.RestTemplate.doExecute(RestTemplate.java:791)
	at com.example.orders.PaymentClient$$FastClassBySpringCGLIB$$e9f1.invoke(<generated>)
	at java.base/jdk.internal.reflect.NativeMethodAccessorImpl.invoke0(Native Method)
	at com.example.orders.OrderController.lambda$place$0(OrderController.java:57) ~[classes!/:1.4.2]
Caused by: java.net.SocketException: Connection reset
	at java.base/sun.nio.ch.NioSocketImpl.implRead(NioSocketImpl.java:328)
	... 23 common frames omitted
Caused by: java.io.IOException: broken
	... 41 more`,
  'uncaught Java exception with suppressed ones': `Exception in thread "main" java.lang.IllegalStateException: Pool is closed
	at com.example.Pool.take(Pool.java:88)
	at com.example.Main.main(Main.java:12)
	Suppressed: java.io.IOException: close failed
		at com.example.Pool.close(Pool.java:120)
		... 1 more
	Caused by: java.lang.InterruptedException
		at java.base/java.lang.Object.wait(Native Method)
Caused by: java.lang.NullPointerException: Cannot invoke "com.example.User.getName()" because "user" is null
	at com.example.Pool.open(Pool.java:31)
	... 1 more`,
  'Java message of several lines': `com.mysql.cj.jdbc.exceptions.CommunicationsException: Communications link failure

The last packet sent successfully to the server was 0 milliseconds ago. The driver has not received any packets from the server.
	at com.mysql.cj.jdbc.exceptions.SQLError.createCommunicationsException(SQLError.java:174)
	at com.mysql.cj.jdbc.ConnectionImpl.createNewIO(ConnectionImpl.java:828)
Caused by: com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException: Unrecognized field "x" (class com.example.A), not marked as ignorable
 at [Source: (String)"{"x":1}"; line: 1, column: 7] (through reference chain: com.example.A["x"])
	at com.fasterxml.jackson.databind.DeserializationContext.handleUnknownProperty(DeserializationContext.java:1127)`,
  'exception named in the line of the logger': `03:04:05,678 SEVERE [org.apache.catalina.core] (default task-1) Servlet.service() threw exception: java.lang.ArithmeticException: / by zero
	at com.example.Servlet.doGet(Servlet.java:20)`,
  'Node error below the line of a logger': `[18:33:51.892] ERROR (1): could not send mail
Error: connect ECONNREFUSED 10.0.14.25:587
    at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1637:16)
    at async SmtpClient.connect (file:///app/src/smtp-client.js:52:5)`,
  'Java exception without a package below the line of a logger': `2026-01-02 03:04:05,678 ERROR worker - gave up
PaymentException: declined
	at com.example.Pay.charge(Pay.java:31)`,
  'Python traceback with a chain': `Traceback (most recent call last):
  File "/app/cache.py", line 17, in get
    return self._data[key]
           ~~~~~~~~~~^^^^^
KeyError: 'user:42'

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "/app/main.py", line 9, in <module>
    main()
    ~~~~^^
  File "/app/db.py", line 30, in load
    cursor.execute(sql)
  [Previous line repeated 3 more times]
psycopg2.errors.UndefinedTable: relation "users" does not exist
LINE 1: SELECT * FROM users
                      ^`,
  'Python logging with exc_info': `ERROR:root:could not refresh
Traceback (most recent call last):
  File "/app/worker.py", line 88, in refresh
    raise RuntimeError("no token") from error
RuntimeError: no token`,
  'Django error with a header': `2026-01-02 03:04:05,678 ERROR django.request log 241 Internal Server Error: /api/orders/
Traceback (most recent call last):
  File "/usr/local/lib/python3.12/site-packages/django/core/handlers/exception.py", line 55, in inner
    response = get_response(request)
django.db.utils.OperationalError: could not connect to server: Connection refused
	Is the server running on host "db" (10.0.3.7) and accepting
	TCP/IP connections on port 5432?`,
  'Python syntax error': `  File "/app/settings.py", line 12
    DEBUG = = True
            ^
SyntaxError: invalid syntax`,
  'Python exception group': `  + Exception Group Traceback (most recent call last):
  |   File "/app/tasks.py", line 20, in <module>
  |     asyncio.run(main())
  | ExceptionGroup: unhandled errors in a TaskGroup (2 sub-exceptions)
  +-+---------------- 1 ----------------
    | Traceback (most recent call last):
    |   File "/app/tasks.py", line 7, in one
    |     raise ValueError("one")
    | ValueError: one
    +---------------- 2 ----------------
    | TypeError: two
    +------------------------------------`,
  'Node error with cause and properties': `Error: could not load user
    at loadUser (file:///app/src/users.mjs:14:11)
    at process.processTicksAndRejections (node:internal/process/task_queues:105:5)
    at async Promise.all (index 0)
    at async handler (/app/src/server.js:40:18) {
  code: 'E_USER',
  [cause]: Error: connect ECONNREFUSED 10.0.3.7:5432
      at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1637:16) {
    errno: -111,
    address: '10.0.3.7',
    port: 5432
  }
}`,
  'uncaught Node error': `/app/src/server.js:42
    throw new TypeError('limit must be a number');
    ^

TypeError: limit must be a number
    at Object.<anonymous> (/app/src/server.js:42:11)
    at Module._compile (node:internal/modules/cjs/loader:1554:14)
    at node:internal/main/run_main_module:36:49

Node.js v24.11.0`,
  'Node unhandled rejection': `node:internal/process/promises:394
      triggerUncaughtException(err, true /* fromPromise */);
      ^

AssertionError [ERR_ASSERTION]: Expected values to be strictly equal:

1 !== 2

    at main (/app/check.js:3:10) {
  generatedMessage: true,
  code: 'ERR_ASSERTION',
  actual: 1,
  expected: 2,
  operator: 'strictEqual'
}

Node.js v24.11.0`,
  'error behind a message of console.error': `Payment failed: PaymentError [DECLINED]: card declined
    at charge (/app/pay.ts:12:9)
    at async POST (/app/routes.ts:88:3)`,
  'Go panic': `panic: runtime error: invalid memory address or nil pointer dereference
[signal SIGSEGV: segmentation violation code=0x1 addr=0x18 pc=0x47b2c6]

goroutine 1 [running]:
main.(*Server).handle(0x0, {0x7f2a, 0x4})
	/app/server.go:42 +0x26
main.main()
	/app/main.go:12 +0x1d
exit status 2`,
  'Go dump of goroutines': `fatal error: all goroutines are asleep - deadlock!

goroutine 1 [chan receive, 3 minutes]:
main.main()
	/app/main.go:8 +0x5a

goroutine 18 [select]:
net/http.(*persistConn).writeLoop(0xc0001c2000)
	/usr/local/go/src/net/http/transport.go:2600 +0xe7
created by net/http.(*Transport).dialConn in goroutine 17
	/usr/local/go/src/net/http/transport.go:1876 +0x17a5`,
  'net/http panic': `2026/01/02 03:04:05 http: panic serving 10.0.1.9:51234: assignment to entry in nil map
goroutine 34 [running]:
net/http.(*conn).serve.func1()
	/usr/local/go/src/net/http/server.go:1947 +0xbe
panic({0x6a1b40?, 0x75d2f0?})
	/usr/local/go/src/runtime/panic.go:792 +0x132
main.handler({0x75f3a8, 0xc00014e000}, 0xc000146000)
	/app/handler.go:19 +0x2f`,
  'zap with a stack': `2026-01-02T03:04:05.678Z	ERROR	api/handler.go:42	query failed	{"error": "timeout"}
main.(*API).query
	/app/api/handler.go:42
net/http.HandlerFunc.ServeHTTP
	/usr/local/go/src/net/http/server.go:2294`,
};
