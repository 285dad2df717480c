/* Dialogs over connections that a peer treats badly. */
#include "support/specification.h"
#include "dialog_scene.h"

/* The peer's end of TCP: a listener, and the connection that was accepted last. */
struct stream {
    struct scene *scene;
    int listener, fd;
    uint16_t port;
    char buffer[65536];
};

static void stream_open(struct stream *stream, struct scene *scene)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    *stream = (struct stream){.scene = scene, .fd = -1};
    stream->listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    assert_int_equal(bind(stream->listener, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(stream->listener, 4), 0);
    assert_int_equal(getsockname(stream->listener, (struct sockaddr *)&address, &size), 0);
    stream->port = ntohs(address.sin_port);
    scene->peer.port = stream->port;
    scene->alice.servers[0].transport = transport_find("tcp");
    party_uses(&scene->alice, stream->port);
}

static void stream_hang_up(struct stream *stream)
{
    if (stream->fd >= 0)
        close(stream->fd);
    stream->fd = -1;
    stream->buffer[0] = '\0';
}

static void stream_close(struct stream *stream)
{
    stream_hang_up(stream);
    close(stream->listener);
}

static void stream_accept(struct stream *stream)
{
    int64_t deadline = clock_now() + PATIENCE;
    int fd;
    while ((fd = accept4(stream->listener, NULL, NULL, SOCK_NONBLOCK)) < 0 &&
           clock_now() < deadline)
        work(stream->scene);
    assert_true(fd >= 0);
    stream_hang_up(stream);
    stream->fd = fd;
}

static void stream_send(struct stream *stream, const char *text, size_t length)
{
    assert_int_equal(send(stream->fd, text, length, MSG_NOSIGNAL), length);
}

static bool stream_read(struct stream *stream)
{
    size_t have = strlen(stream->buffer);
    ssize_t got = recv(stream->fd, stream->buffer + have, sizeof stream->buffer - 1 - have, 0);
    if (got > 0)
        stream->buffer[have + (size_t)got] = '\0';
    return got > 0;
}

/* The next request is in scene->peer.request. */
static const char *stream_expect(struct stream *stream, const char *beginning)
{
    struct peer *peer = &stream->scene->peer;
    int64_t deadline = clock_now() + PATIENCE;
    size_t length;
    while (!(length = whole_message(stream->buffer)) && clock_now() < deadline)
        if (!stream_read(stream))
            work(stream->scene);
    if (!length)
        print_error("expected %s, got %s\n", beginning, stream->buffer);
    assert_true(length > 0 && length < sizeof peer->request);
    memcpy(peer->request, stream->buffer, length);
    peer->request[length] = '\0';
    memmove(stream->buffer, stream->buffer + length, strlen(stream->buffer + length) + 1);
    if (strncmp(peer->request, beginning, strlen(beginning)) != 0)
        print_error("expected %s, got %s\n", beginning, peer->request);
    assert_memory_equal(peer->request, beginning, strlen(beginning));
    return peer->request;
}

static void stream_reply(struct stream *stream, const char *status, const char *sdp, size_t piece)
{
    static const char *const copied[] = {"Via", "From", "Call-ID", "CSeq"};
    const char *request = stream->scene->peer.request;
    struct text text = {0};
    text_printf(&text, "SIP/2.0 %s\r\n", status);
    for (size_t i = 0; i < 4; i++)
        text_printf(&text, "%s: %s\r\n", copied[i], header(request, copied[i], 0));
    const char *to = header(request, "To", 0);
    text_printf(&text, "To: %s%s\r\n", to, strstr(to, ";tag=") ? "" : ";tag=peer");
    text_printf(&text, "Contact: <sip:peer@127.0.0.1:%u;transport=tcp>\r\n", stream->port);
    if (*sdp)
        text_add(&text, "Content-Type: application/sdp\r\n");
    text_printf(&text, "Content-Length: %zu\r\n\r\n%s", strlen(sdp), sdp);
    for (size_t at = 0; at < text.length; at += piece) {
        stream_send(stream, text.data + at, text.length - at < piece ? text.length - at : piece);
        if (piece < text.length)
            work(stream->scene);
    }
    text_fini(&text);
}

static void stream_connects(struct stream *stream)
{
    struct scene *scene = stream->scene;
    call(&scene->alice, "sip:peer@example.test", SDP_OFFER, NULL);
    stream_accept(stream);
    stream_expect(stream, "INVITE ");
    peer_learn(&scene->peer, scene->peer.request, "peer");
    stream_reply(stream, "200 OK", SDP_ANSWER, 10000);
    stream_expect(stream, "ACK ");
    await(&scene->alice, "answered");
}

static void a_closed_connection_is_opened_again(void **state)
{
    (void)state;
    struct scene scene;
    struct stream stream;
    scene_open(&scene);
    stream_open(&stream, &scene);
    stream_connects(&stream);
    stream_hang_up(&stream);
    work_for(&scene, 20 * NS_PER_MS);
    dialog_request(scene.alice.dialog, "INFO", "text/plain", "x", NULL);
    stream_accept(&stream);
    stream_expect(&stream, "INFO ");
    stream_reply(&stream, "200 OK", "", 10000);
    await(&scene.alice, "replied INFO 200");
    stream_hang_up(&stream);
    /* At once: the stack has not seen the end of the connection yet. */
    dialog_hangup(scene.alice.dialog, NULL);
    stream_accept(&stream);
    stream_expect(&stream, "BYE ");
    stream_reply(&stream, "200 OK", "", 10000);
    await(&scene.alice, "ended 200");
    assert_false(scene.alice.end.bye_failed);
    stream_close(&stream);
    scene_close(&scene);
}

static void a_reset_connection_is_opened_again(void **state)
{
    (void)state;
    struct scene scene;
    struct stream stream;
    struct linger reset = {.l_onoff = 1};
    scene_open(&scene);
    stream_open(&stream, &scene);
    stream_connects(&stream);
    setsockopt(stream.fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    stream_hang_up(&stream);
    dialog_hangup(scene.alice.dialog, NULL);
    stream_accept(&stream);
    stream_expect(&stream, "BYE ");
    stream_reply(&stream, "200 OK", "", 10000);
    await(&scene.alice, "ended 200");
    assert_false(scene.alice.end.bye_failed);
    stream_close(&stream);
    scene_close(&scene);
}

static void pieces_pings_and_pongs_are_taken(void **state)
{
    (void)state;
    struct scene scene;
    struct stream stream;
    scene_open(&scene);
    stream_open(&stream, &scene);
    call(&scene.alice, "sip:peer@example.test", SDP_OFFER, NULL);
    stream_accept(&stream);
    stream_expect(&stream, "INVITE ");
    stream_send(&stream, "\r\n", 2);
    work(&scene);
    stream_send(&stream, "\r\n\r\n", 4);
    int64_t deadline = clock_now() + PATIENCE;
    while (strcmp(stream.buffer, "\r\n") != 0 && clock_now() < deadline)
        if (!stream_read(&stream))
            work(&scene);
    assert_string_equal(stream.buffer, "\r\n");
    stream.buffer[0] = '\0';
    stream_reply(&stream, "180 Ringing", "", 1);
    await(&scene.alice, "progress 180");
    stream_send(&stream, "\r\n\r\n\r\n\r\n", 8);
    work_for(&scene, 5 * NS_PER_MS);
    stream_reply(&stream, "200 OK", SDP_ANSWER, 7);
    await(&scene.alice, "answered");
    stream_close(&stream);
    scene_close(&scene);
}

static int connect_to(const struct party *party)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                                  .sin_port = htons(agent_port(party->agent))};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    connect(fd, (struct sockaddr *)&address, sizeof address);
    return fd;
}

static void connections_with_half_messages_are_borne(void **state)
{
    (void)state;
    static const char half[] = "INVITE sip:bob@x SIP/2.0\r\nVia: SIP/2.0/TCP x;branch=z9hG4bKx\r\n"
                               "Call-ID: h\r\nContent-Length: 4000000000\r\nX: ";
    struct scene scene;
    int fds[200];
    scene_open(&scene);
    for (size_t i = 0; i < 200; i++) {
        fds[i] = connect_to(&scene.bob);
        if (i % 10 == 0)
            work(&scene);
    }
    work_for(&scene, 20 * NS_PER_MS);
    for (size_t i = 0; i < 200; i++) {
        send(fds[i], half, i % 2 ? i % sizeof half : sizeof half - 1, MSG_NOSIGNAL);
        if (i % 3 == 0)
            close(fds[i]);
    }
    work_for(&scene, 20 * NS_PER_MS);
    scene_connect(&scene);
    scene_hang_up(&scene);
    for (size_t i = 0; i < 200; i++)
        if (i % 3)
            close(fds[i]);
    work_for(&scene, 20 * NS_PER_MS);
    scene_close(&scene);
}

static void an_endless_head_is_not_kept(void **state)
{
    (void)state;
    static char junk[65536];
    struct scene scene;
    scene_open(&scene);
    int fd = connect_to(&scene.bob);
    work_for(&scene, 5 * NS_PER_MS);
    static const char start[] = "INVITE sip:bob@x SIP/2.0\r\nX: ";
    send(fd, start, sizeof start - 1, MSG_NOSIGNAL);
    memset(junk, 'a', sizeof junk);
    size_t taken = 0;
    bool gone = false;
    for (int64_t until = clock_now() + PATIENCE; clock_now() < until && !gone;) {
        ssize_t sent = send(fd, junk, sizeof junk, MSG_NOSIGNAL);
        if (sent > 0)
            taken += (size_t)sent;
        gone = sent < 0 && errno != EAGAIN;
        work(&scene);
        if (taken > 64u * 1024 * 1024)
            break;
    }
    assert_true(gone);
    close(fd);
    scene_connect(&scene);
    scene_hang_up(&scene);
    scene_close(&scene);
}

static void the_end_of_the_connection_while_it_rings_is_the_end(void **state)
{
    (void)state;
    struct scene scene;
    struct stream stream;
    scene_open(&scene);
    stream_open(&stream, &scene);
    call(&scene.alice, "sip:peer@example.test", SDP_OFFER, NULL);
    stream_accept(&stream);
    stream_expect(&stream, "INVITE ");
    stream_reply(&stream, "180 Ringing", "", 10000);
    await(&scene.alice, "progress 180");
    stream_hang_up(&stream);
    await(&scene.alice, "ended 0");
    assert_string_equal(scene.alice.end.trouble, "the peer closed the connection");
    stream_close(&stream);
    scene_close(&scene);
}

SPECIFICATION(cmocka_unit_test(a_closed_connection_is_opened_again),
              cmocka_unit_test(a_reset_connection_is_opened_again),
              cmocka_unit_test(pieces_pings_and_pongs_are_taken),
              cmocka_unit_test(connections_with_half_messages_are_borne),
              cmocka_unit_test(an_endless_head_is_not_kept),
              cmocka_unit_test(the_end_of_the_connection_while_it_rings_is_the_end))
