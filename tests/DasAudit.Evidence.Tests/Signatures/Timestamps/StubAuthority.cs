using System.Net;

namespace DasAudit.Evidence.Tests.Signatures.Timestamps;

/// <summary>A time-stamping authority on this machine: HTTP around <c>openssl ts -reply</c>.</summary>
internal sealed class StubAuthority : IDisposable
{
    private const string Configuration = """
        [ts]
        default_tsa = tsa
        [tsa]
        serial = serial
        signer_cert = tsa.pem
        signer_key = tsa.key
        signer_digest = sha256
        default_policy = 1.2.3.4.1
        digests = sha256
        ess_cert_id_alg = sha256
        ordering = yes
        tsa_name = yes
        [req]
        distinguished_name = name
        [name]
        [root]
        basicConstraints = critical,CA:true
        keyUsage = critical,keyCertSign
        [stamping]
        extendedKeyUsage = critical,timeStamping
        """;

    private readonly TempFolder _folder = new();
    private readonly HttpListener _listener = new();
    private readonly Task _answering;

    internal StubAuthority()
    {
        _folder.Write("ts.cnf", Configuration);
        _folder.Write("serial", "01\n");
        string[] curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-config", "ts.cnf"];
        Run([
            "req",
            "-x509",
            .. curve,
            "-keyout",
            "root.key",
            "-out",
            "root.pem",
            "-subj",
            "/CN=Root",
            "-extensions",
            "root",
        ]);
        Run(["req", .. curve, "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/CN=Stub of an authority"]);
        string[] issuer = ["-CA", "root.pem", "-CAkey", "root.key", "-set_serial", "2"];
        Run([
            "x509",
            "-req",
            "-in",
            "tsa.csr",
            .. issuer,
            "-out",
            "tsa.pem",
            "-extfile",
            "ts.cnf",
            "-extensions",
            "stamping",
        ]);
        Address = Listen();
        _answering = AnswerAsync();
    }

    internal Uri Address { get; }

    /// <summary>Its root certificate in PEM.</summary>
    internal string Root => File.ReadAllText(_folder["root.pem"]);

    /// <summary>What it answers instead; null for a token.</summary>
    internal byte[]? Answer { get; set; }

    /// <summary>What openssl itself says of a token.</summary>
    internal string Verify(byte[] token, byte[] data)
    {
        _folder.Write("token", token);
        _folder.Write("data", data);
        return OpenSsl.Run(
            _folder.Path,
            "ts",
            "-verify",
            "-data",
            "data",
            "-in",
            "token",
            "-token_in",
            "-CAfile",
            "root.pem"
        );
    }

    public void Dispose()
    {
        _listener.Close();
        _answering.Wait(TimeSpan.FromSeconds(10));
        _folder.Dispose();
    }

    private Uri Listen()
    {
        using var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        var port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        var address = $"http://127.0.0.1:{port}/";
        _listener.Prefixes.Add(address);
        _listener.Start();
        return new(address);
    }

    private async Task AnswerAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                var query = new MemoryStream();
                await context.Request.InputStream.CopyToAsync(query);
                await context.Response.OutputStream.WriteAsync(Answer ?? Reply(query.ToArray()));
                context.Response.Close();
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException) { }
    }

    private byte[] Reply(byte[] query)
    {
        _folder.Write("query", query);
        Run(["ts", "-reply", "-config", "ts.cnf", "-section", "tsa", "-queryfile", "query", "-out", "reply"]);
        return File.ReadAllBytes(_folder["reply"]);
    }

    private void Run(string[] arguments) => OpenSsl.Run(_folder.Path, arguments);
}
