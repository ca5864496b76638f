using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace DasAudit.Cli.Serving;

/// <summary>
/// A server that this machine alone can reach: it listens on 127.0.0.1, answers one request a connection, and reads
/// nothing but the head of a request.
/// <para>It is written here because what .NET has does not serve: Kestrel would have every user of the tool install the
/// runtime of ASP.NET. HttpListener can neither be given a free port nor the name localhost on 127.0.0.1; it answers
/// foreign hosts and bad requests itself, without our headers and twice; on Linux it has no limit of time or length for
/// the head of a request.</para>
/// </summary>
internal sealed class LoopbackServer : IDisposable
{
    /// <summary>Connections that wait for their request to come.</summary>
    public const int MostWaiting = 128;

    /// <summary>Answers that are made at the same time.</summary>
    public const int MostAtOnce = 4;

    private const int LongestDrain = 65536;
    private static readonly TimeSpan HeadTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan SendTime = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan CloseTime = TimeSpan.FromSeconds(1);

    private readonly TcpListener _listener;
    private readonly WaitingConnections _waiting = new(MostWaiting);
    private readonly SemaphoreSlim _answering = new(MostAtOnce);

    private LoopbackServer(TcpListener listener) => _listener = listener;

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Begins to listen.</summary>
    /// <param name="port">Null for a free one.</param>
    /// <exception cref="AuditException">The port cannot be had.</exception>
    public static LoopbackServer Listen(int? port)
    {
        var listener = new TcpListener(IPAddress.Loopback, port ?? 0);
        try
        {
            listener.Start();
            return new(listener);
        }
        catch (SocketException e)
        {
            listener.Dispose();
            throw Refused(port, e);
        }
    }

    /// <summary>Answers requests until it is cancelled, which is no failure.</summary>
    /// <param name="refuse">What is answered to what is no request.</param>
    /// <param name="answer">Answers a request; called on several threads, it throws nothing.</param>
    public async Task RunAsync(
        Func<RefusalException, Answer> refuse,
        Func<RequestHead, Answer> answer,
        CancellationToken cancellation
    )
    {
        while (!cancellation.IsCancellationRequested)
        {
            Socket socket;
            try
            {
                socket = await _listener.AcceptSocketAsync(cancellation).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException)
            {
                // The client is gone already, or there are too many open files.
                await Task.Delay(TimeSpan.FromMilliseconds(20), CancellationToken.None).ConfigureAwait(false);
                continue;
            }

            _ = ServeAsync(socket, refuse, answer, cancellation);
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        _answering.Dispose();
    }

    private async Task ServeAsync(
        Socket socket,
        Func<RefusalException, Answer> refuse,
        Func<RequestHead, Answer> answer,
        CancellationToken cancellation
    )
    {
        try
        {
            using (socket)
            using (var stream = new NetworkStream(socket))
            {
                var bytes = await AnswerAsync(socket, stream, refuse, answer, cancellation).ConfigureAwait(false);
                await SendAsync(stream, bytes, cancellation).ConfigureAwait(false);
                socket.Shutdown(SocketShutdown.Send);
                await DrainAsync(stream, cancellation).ConfigureAwait(false);
            }
        }
        catch (Exception e)
            when (e is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The client went away, took too long, or was closed for others; or the server stops.
        }
    }

    private async Task<byte[]> AnswerAsync(
        Socket socket,
        NetworkStream stream,
        Func<RefusalException, Answer> refuse,
        Func<RequestHead, Answer> answer,
        CancellationToken cancellation
    )
    {
        RequestHead request;
        try
        {
            request = await ReadAsync(socket, stream, cancellation).ConfigureAwait(false);
        }
        catch (RefusalException refusal)
        {
            return AnswerWriter.Write(refuse(refusal), withBody: true);
        }

        await _answering.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return AnswerWriter.Write(
                await Task.Run(() => answer(request), cancellation).ConfigureAwait(false),
                withBody: request.Method != "HEAD"
            );
        }
        finally
        {
            _answering.Release();
        }
    }

    private async Task<RequestHead> ReadAsync(Socket socket, NetworkStream stream, CancellationToken cancellation)
    {
        var place = _waiting.Add(socket);
        try
        {
            using var deadline = Deadline(HeadTime, cancellation);
            return await RequestReader.ReadAsync(stream, deadline.Token).ConfigureAwait(false);
        }
        finally
        {
            _waiting.Remove(place);
        }
    }

    private static async Task SendAsync(NetworkStream stream, byte[] bytes, CancellationToken cancellation)
    {
        using var deadline = Deadline(SendTime, cancellation);
        await stream.WriteAsync(bytes, deadline.Token).ConfigureAwait(false);
    }

    // A connection that is closed before all was read is reset, which can take the answer from the client.
    private static async Task DrainAsync(NetworkStream stream, CancellationToken cancellation)
    {
        using var deadline = Deadline(CloseTime, cancellation);
        var buffer = new byte[LongestDrain / 8];
        for (var unread = LongestDrain; unread > 0; )
        {
            var read = await stream.ReadAsync(buffer, deadline.Token).ConfigureAwait(false);
            if (read == 0)
                return;
            unread -= read;
        }
    }

    private static CancellationTokenSource Deadline(TimeSpan time, CancellationToken cancellation)
    {
        var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(time);
        return deadline;
    }

    private static AuditException Refused(int? port, SocketException e)
    {
        var text = port?.ToString(CultureInfo.InvariantCulture);
        return e.SocketErrorCode switch
        {
            SocketError.AddressAlreadyInUse => new(
                $"Port {text} is in use by another program; name another with --port, or leave it out.",
                e
            ),
            SocketError.AccessDenied => new(
                $"This user may not listen on port {text}; name one from 1024 on with --port, or leave it out.",
                e
            ),
            _ => new($"The server cannot listen on 127.0.0.1 ({e.Message}); see whether the network is set up.", e),
        };
    }
}
