namespace DasAudit.Core.Datasets.Checks;

/// <summary>How much a finding matters.</summary>
public enum Severity
{
    /// <summary>Worth knowing; nothing need be done.</summary>
    Information,

    /// <summary>Reports may say less, or something else, than they could.</summary>
    Warning,

    /// <summary>Something is certainly wrong.</summary>
    Error,
}
