namespace DasAudit.Evidence.Store;

/// <summary>What a store is opened for.</summary>
public enum StoreAccess
{
    /// <summary>Finding and reading reports. Writes nothing, and works on a read-only file or folder.</summary>
    ReadOnly,

    /// <summary>Adding reports as well. Creates the store where there is none.</summary>
    ReadWrite,
}
