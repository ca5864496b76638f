namespace DasAudit.Core.Pictures.Generation;

/// <summary>Which marks in a prompt are no text for the model.</summary>
public enum PromptMarks
{
    /// <summary>None: all of it is text.</summary>
    None,

    /// <summary><c>(word:1.2)</c> and <c>(word)</c>, as ComfyUI weighs words.</summary>
    RoundBrackets,

    /// <summary>Those, <c>[word]</c> and <c>&lt;lora:NAME:WEIGHT&gt;</c>, as AUTOMATIC1111's web UI has them.</summary>
    WebUi,
}
