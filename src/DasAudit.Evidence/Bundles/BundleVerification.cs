using DasAudit.Evidence.Signatures;

namespace DasAudit.Evidence.Bundles;

/// <summary>A signature on a bundle.</summary>
/// <param name="KeyId">As the envelope names the key.</param>
/// <param name="Key">The public key that was given for it, as given; null for none.</param>
/// <param name="IsValid">Null where no key was given for it.</param>
internal sealed record BundleSignature(string KeyId, string? Key, bool? IsValid);

/// <summary>What a bundle was found to be.</summary>
internal sealed record BundleVerification
{
    /// <summary>Number of files in it that could be read.</summary>
    internal required int Parts { get; init; }

    /// <summary>What it is about; null where that cannot be told.</summary>
    internal BundleContents? Contents { get; init; }

    /// <summary>The signed statement; null for none that can be read.</summary>
    internal DsseEnvelope? Envelope { get; init; }

    internal IReadOnlyList<BundleSignature> Signatures { get; init; } = [];

    /// <summary>Whether it holds a time stamp, valid or not.</summary>
    internal bool HasTimestamp { get; init; }

    /// <summary>When an authority saw the signatures; null where no token says it validly.</summary>
    internal DateTimeOffset? Timestamp { get; init; }

    internal required IReadOnlyList<BundleCheck> Checks { get; init; }

    /// <summary>What was not looked at, in sentences.</summary>
    internal required IReadOnlyList<string> NotChecked { get; init; }

    /// <summary>Whether nothing contradicts anything.</summary>
    internal bool IsConsistent => Checks.All(check => check.Passed != false);

    /// <summary>
    /// Whether it is what was signed by all keys that were given; null if none was, so that it is consistent and no
    /// more.
    /// </summary>
    internal bool? IsUnaltered =>
        !IsConsistent ? false
        : Signatures.Any(signature => signature.IsValid == true) ? true
        : null;
}
