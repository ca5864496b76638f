namespace DasAudit.Core.Activations;

/// <summary>Where in a network activations are taken, written <c>MODULE:input</c> or <c>MODULE:output</c>.</summary>
/// <param name="Module">Name of a module that takes one tensor and gives one, as <c>named_modules()</c> has it.</param>
/// <param name="Entering">Whether what enters it is taken; else what leaves it.</param>
internal sealed record ActivationPlace(string Module, bool Entering = true)
{
    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    public static ActivationPlace Parse(string text) =>
        (text ?? "").Split(':') is [{ Length: > 0 } module, "input" or "output"] parts
            ? new(module, parts[1] == "input")
            : throw new AuditException(
                $"'{text}' is no place of activations; write MODULE:input or MODULE:output, such as conv_out:input."
            );

    public override string ToString() => $"{Module}:{(Entering ? "input" : "output")}";
}
