namespace DasAudit.Evidence.Policies.Formats;

/// <summary>Writes what hit a policy in a form that another program reads.</summary>
internal interface IPolicyFormat
{
    /// <summary>What <c>--format</c> calls it.</summary>
    string Name { get; }

    /// <summary>Whether <see cref="PolicyOutcome.Pictures"/> are looked at. Default false.</summary>
    bool ShowsPictures => false;

    /// <summary>Writes all; the writer stays open.</summary>
    void Write(PolicyOutcome outcome, TextWriter writer);
}
