namespace DasAudit.Evidence.Tests.Store;

/// <summary>A way to tamper with a store that a check must reject.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Attempts">What the attacker is after, in a sentence.</param>
/// <param name="Run">Does it to a store of eight reports and an evaluation, records 1 to 9.</param>
/// <param name="Finding">Part of what the check must say.</param>
internal sealed record StoreAttack(string Name, string Attempts, Action<AttackedStore> Run, string Finding)
{
    /// <summary>Whether only a copy of an earlier head file, kept elsewhere, gives it away.</summary>
    public bool NeedsAnchor { get; init; }
}
