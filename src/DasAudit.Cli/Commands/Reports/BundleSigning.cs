using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Commands.Keys;
using DasAudit.Cli.Settings;
using DasAudit.Evidence.Signatures;
using DasAudit.Evidence.Signatures.Timestamps;

namespace DasAudit.Cli.Commands.Reports;

/// <summary>The keys that sign a bundle, and the authority that stamps their signatures.</summary>
internal sealed class BundleSigning(ISecretPrompt prompt)
{
    private readonly KeySettings _keys = new();
    private readonly PassphraseSettings _passphrase = new(prompt);

    public static string Explanation =>
        PassphraseSettings.Explanation + " Several keys share the one that is given so, or are asked for one by one.";

    public Setting<IReadOnlyList<string>> Sign { get; } =
        Setting.Texts("--sign", "KEY", "Sign with this key: its name, or the file of a private key");

    public Setting<Uri?> Authority { get; } =
        Setting.Parsed<Uri?>(
            "--tsa",
            "URL",
            "A time-stamping authority (RFC 3161) that is asked to state when the signatures were there; it gets a "
                + "hash.",
            ReadAddress,
            null
        );

    /// <summary>Where keys lie, and how they are unlocked.</summary>
    public IReadOnlyList<ISetting> Keys => [_keys.Folder, _passphrase.File];

    /// <summary>Unlocks the keys.</summary>
    /// <exception cref="UsageException">There is an authority, and no key.</exception>
    public SigningKeys Read(Invocation invocation)
    {
        var names = invocation.Get(Sign);
        if (invocation.Get(Authority) is not null && names.Count == 0)
            throw new UsageException("--tsa stamps signatures; give --sign too.");
        var folder = _keys.Read(invocation);
        return new([
            .. names.Select(name =>
                folder.ReadPrivate(name, invocation.Resolve, () => _passphrase.Read(invocation, name, isNew: false))
            ),
        ]);
    }

    /// <summary>Asks the authority for a token; null without an authority or a signature.</summary>
    public async Task<byte[]?> StampAsync(Invocation invocation, DsseEnvelope? envelope, CancellationToken cancellation)
    {
        if (invocation.Get(Authority) is not { } authority || envelope is null)
            return null;
        using var http = new HttpClient
        {
            Timeout = TimeSpan.FromSeconds(30),
            MaxResponseContentBufferSize = TimestampClient.LongestAnswer,
        };
        return await new TimestampClient(http)
            .StampAsync(authority, envelope.ToJson(), cancellation)
            .ConfigureAwait(false);
    }

    private static Uri ReadAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && (address.Scheme is "http" or "https")
            ? address
            : throw new FormatException($"takes an address that begins with http:// or https://, not '{text}'.");
}

/// <summary>Unlocked keys; disposing forgets them.</summary>
internal sealed class SigningKeys(IReadOnlyList<SigningKey> all) : IDisposable
{
    public IReadOnlyList<SigningKey> All => all;

    public void Dispose()
    {
        foreach (var key in all)
            key.Dispose();
    }
}
