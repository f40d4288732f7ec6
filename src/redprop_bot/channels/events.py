"""Platform events in three lists: handled, known and ignored, and (by absence) unknown; in lower case.

An event moves from one list to another here, and its fields are then read in `reading`.
"""

HANDLED = frozenset(
    {
        "subscribe",
        "unsubscribe",
        "scan",
        "location",
        "click",
        "template_card_event",
        "templatesendjobfinish",
        "subscribe_msg_popup_event",
        "subscribe_msg_change_event",
        "subscribe_msg_sent_event",
        "change_contact",
    }
)

_MENU = {
    "view",
    "view_miniprogram",
    "scancode_push",
    "scancode_waitmsg",
    "pic_sysphoto",
    "pic_photo_or_album",
    "pic_weixin",
    "location_select",  # a location message of its own follows
}

_OFFICIAL_ACCOUNT = {
    "masssendjobfinish",
    "publishjobfinish",
    "kf_create_session",
    "kf_close_session",
    "kf_switch_session",
    "user_authorization_revoke",
    "user_authorization_cancellation",
    "user_info_modified",
    "user_enter_tempsession",
    "qualification_verify_success",
    "qualification_verify_fail",
    "naming_verify_success",
    "naming_verify_fail",
    "annual_renew",
    "verify_expired",
    "wxa_media_check",
    "card_pass_check",
    "card_not_pass_check",
    "card_pay_order",
    "card_sku_remind",
    "card_merchant_check_result",
    "user_get_card",
    "user_gifting_card",
    "user_del_card",
    "user_consume_card",
    "user_pay_from_pay_cell",
    "user_view_card",
    "user_enter_session_from_card",
    "update_member_card",
    "submit_membercard_user_info",
}

_WORK = {
    "enter_agent",  # at every opening of the app: nothing is said, so nothing is stored
    "batch_job_result",
    "template_card_menu_event",
    "taskcard_click",
    "open_approval_change",
    "sys_approval_change",
    "close_inactive_agent",
    "reopen_inactive_agent",
    "switch_workbench_mode",
    "upload_media_job_finish",
    "kf_msg_or_event",
    "change_external_contact",
    "change_external_chat",
    "change_external_tag",
}

KNOWN_AND_IGNORED = frozenset(_MENU | _OFFICIAL_ACCOUNT | _WORK)
