package azdobot.runtime;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Passes requests on to the simulator, and holds back those of one kind, so that a test can act while they are in flight. */
final class Gate implements AutoCloseable {
    final CountDownLatch arrived = new CountDownLatch(1);
    /** Whether the service refuses every token. */
    volatile boolean refuses;
    private final CountDownLatch open = new CountDownLatch(1);
    private final HttpServer server;
    private final HttpClient client = HttpClient.newHttpClient();
    private final URI simulator;
    private final String held;

    /** Holds back requests whose method and path match this pattern. */
    Gate(String url, String held) throws IOException {
        this.simulator = URI.create(url);
        this.held = held;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::pass);
        server.setExecutor(Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work);
            thread.setDaemon(true);
            return thread;
        }));
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + simulator.getPath();
    }

    void arrives() throws InterruptedException {
        Check.that(arrived.await(60, TimeUnit.SECONDS), "the request does not arrive");
    }

    private void pass(HttpExchange exchange) throws IOException {
        try {
            if (refuses) {
                exchange.sendResponseHeaders(401, -1);
                return;
            }
            if ((exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath()).matches(held)) {
                arrived.countDown();
                open.await();
            }
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://" + simulator.getAuthority() + exchange.getRequestURI()))
                    .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(exchange.getRequestBody().readAllBytes()));
            for (String header : List.of("Authorization", "Content-Type", "Accept")) {
                String value = exchange.getRequestHeaders().getFirst(header);
                if (value != null) {
                    request.header(header, value);
                }
            }
            HttpResponse<byte[]> response = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            response.headers().firstValue("Content-Type").ifPresent(type -> exchange.getResponseHeaders().set("Content-Type", type));
            exchange.sendResponseHeaders(response.statusCode(), response.body().length == 0 ? -1 : response.body().length);
            exchange.getResponseBody().write(response.body());
        } catch (InterruptedException e) {
            // The test is over.
        } finally {
            exchange.close();
        }
    }

    @Override
    public void close() {
        open.countDown();
        server.stop(0);
    }
}
