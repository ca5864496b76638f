namespace DasAudit.Evidence.Store;

/// <summary>A store, or an export of one, that is not what was written.</summary>
public sealed class DamagedStoreException : AuditException
{
    /// <param name="message">The sentence for people.</param>
    /// <param name="what">What is wrong, as a part of a sentence.</param>
    internal DamagedStoreException(string message, string what, Exception? inner = null)
        : base(message, inner) => What = what;

    /// <summary>What is wrong, as a part of a sentence: <c>record 7 is missing</c>.</summary>
    public string What { get; }
}
