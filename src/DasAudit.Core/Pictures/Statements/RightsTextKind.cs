namespace DasAudit.Core.Pictures.Statements;

/// <summary>What a text in a picture file speaks of.</summary>
internal enum RightsTextKind
{
    /// <summary>A copyright notice, such as "© 2020 Ann".</summary>
    Notice,

    /// <summary>The name of who holds the rights.</summary>
    Holder,

    /// <summary>The name of who made it.</summary>
    Author,

    /// <summary>A licence: its address, or its terms.</summary>
    License,
}
