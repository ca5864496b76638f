using DasAudit.Abstractions;
using DasAudit.Evidence.Bundles;
using DasAudit.Evidence.Signatures.Timestamps;
using DasAudit.Evidence.Tests.Bundles;

namespace DasAudit.Evidence.Tests.Signatures.Timestamps;

public sealed class TimestampTests : IDisposable
{
    private readonly SampleBundle _bundle = new();
    private readonly HttpClient _http = new();

    [Fact]
    public async Task A_stamped_bundle_says_when_it_was_signed()
    {
        using var authority = Start();
        var token = await StampAsync(authority);
        var file = BundleWriter.Write(_bundle.Contents, _bundle.Envelope, token);

        var verification = Verify(file, authority.Root);

        Assert.True(verification.IsUnaltered, string.Join('\n', verification.Checks.Select(check => check.What)));
        Assert.True((DateTimeOffset.UtcNow - verification.Timestamp!.Value).Duration() < TimeSpan.FromMinutes(10));
        Assert.Contains(
            verification.Checks,
            check => check.What.Contains("Stub of an authority", StringComparison.Ordinal)
        );
        Assert.Contains(
            "Verification: OK",
            authority.Verify(token, _bundle.Envelope.ToJson()),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Without_the_authoritys_certificate_the_stamp_is_not_checked()
    {
        using var authority = Start();
        var file = BundleWriter.Write(_bundle.Contents, _bundle.Envelope, await StampAsync(authority));

        var verification = _bundle.Verify(file);

        Assert.True(verification.IsUnaltered);
        Assert.Null(verification.Checks.Single(check => check.Name == "timestamp").Passed);
    }

    [Fact]
    public async Task A_stamp_of_another_authority_or_statement_is_rejected()
    {
        using var authority = Start();
        using var foreignAuthority = Start();
        var token = await StampAsync(authority);
        var again = BundleWriter.Sign(_bundle.Contents, [_bundle.Key]);

        Assert.False(
            Verify(BundleWriter.Write(_bundle.Contents, _bundle.Envelope, token), foreignAuthority.Root).IsUnaltered
        );
        Assert.False(Verify(BundleWriter.Write(_bundle.Contents, again, token), authority.Root).IsUnaltered);
        Assert.False(_bundle.Verify(BundleWriter.Write(_bundle.Contents, again, token)).IsUnaltered);
        Assert.False(_bundle.Verify(BundleWriter.Write(_bundle.Contents, _bundle.Envelope, [1, 2])).IsUnaltered);
        Assert.False(Verify(_bundle.File, authority.Root).IsUnaltered);
    }

    [Fact]
    public async Task An_authority_that_answers_with_something_else_is_refused()
    {
        using var authority = Start();
        authority.Answer = "<html>no</html>"u8.ToArray();

        var error = await Assert.ThrowsAsync<AuditException>(() => StampAsync(authority));

        Assert.Contains("gave no valid token", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_authority_that_cannot_be_reached_is_named()
    {
        var client = new TimestampClient(_http);

        var error = await Assert.ThrowsAsync<AuditException>(() =>
            client.StampAsync(new("http://127.0.0.1:1/"), [1], TestContext.Current.CancellationToken)
        );

        Assert.StartsWith("The time-stamping authority http://127.0.0.1:1/", error.Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _bundle.Dispose();
        _http.Dispose();
    }

    private static StubAuthority Start()
    {
        Assert.SkipUnless(OpenSsl.IsThere, OpenSsl.Missing);
        return new();
    }

    private Task<byte[]> StampAsync(StubAuthority authority) =>
        new TimestampClient(_http).StampAsync(
            authority.Address,
            _bundle.Envelope.ToJson(),
            TestContext.Current.CancellationToken
        );

    private BundleVerification Verify(byte[] file, string root) =>
        new BundleVerifier([_bundle.Public], TimestampAuthorities.Parse(root, "root.pem")).Verify(file);
}
