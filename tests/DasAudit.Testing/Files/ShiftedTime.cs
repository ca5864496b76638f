namespace DasAudit.Testing;

/// <summary>A clock that runs ahead of the file system's, so that files written just now are old.</summary>
internal sealed class ShiftedTime(TimeSpan ahead) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + ahead;
}
